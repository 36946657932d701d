"""Names: a mention of a customer to the customer, a line about a person to the person.

Only an exact key decides; likeness proposes and a person decides.
"""

from notevault.names.key import kana_key, name_key
from notevault.names.resolver import Clash, CustomerResolver
from notevault.names.values import Candidate, Reason, RegisteredCustomer, Resolution

__all__ = [
    "Candidate",
    "Clash",
    "CustomerResolver",
    "Reason",
    "RegisteredCustomer",
    "Resolution",
    "kana_key",
    "name_key",
]
