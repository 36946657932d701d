"""What a command printed as JSON."""

import json
from typing import Any

from tests.conftest import Ran


def load_json(ran: Ran) -> Any:  # noqa: ANN401 -- JSON is anything
    """Return the value on stdout."""
    return json.loads(ran.stdout)
