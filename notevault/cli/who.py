"""Who is asking: the owner that ``--mine`` means."""

import getpass
import os

from notevault.errors import NotevaultError
from notevault.messages import gettext as _
from notevault.report.choosing import choose_owners
from notevault.workspace import Workspace


def choose_me(workspace: Workspace) -> tuple[str, ...]:
    """Return the person at the keyboard as the catalogue spells them.

    NOTEVAULT_OWNER says it, else ``me`` of the settings, else the name of the user's account where it is an owner's.
    Raises UnknownNameError for a name that nobody has, NotevaultError where nothing says who it is.
    """
    said = os.environ.get("NOTEVAULT_OWNER") or workspace.settings.me
    if said:
        return choose_owners(workspace.catalog, workspace.settings, said)
    account = _account()
    known = workspace.settings.find_owner(account) if account else None
    if known is not None:
        return choose_owners(workspace.catalog, workspace.settings, known.key)
    raise NotevaultError(
        _("who you are is not known: no owner is called '{account}'").format(account=account or "?"),
        _("set NOTEVAULT_OWNER to your name as in [owners] of notevault.toml"),
    )


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no account database, as in a bare container
        return ""
