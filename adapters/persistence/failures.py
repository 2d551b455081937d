"""Failures of the database in the words of the ports. What a driver says may quote rows, so it is not repeated."""

import sqlite3

from sqlalchemy import exc

from ports.errors import ConflictError, InvalidInputError, RefusedError, UnavailableError


def translated(error: Exception) -> Exception:
    """Errors of the database as errors of ours; every other one as it is."""
    match error:
        case exc.IntegrityError():
            return ConflictError(f"the database holds something that forbids it ({_cause(error)})")
        case exc.DBAPIError() if getattr(error.orig, "sqlstate", None) == "22021":
            return InvalidInputError("holds a character that no text may hold")
        case exc.DBAPIError():
            return UnavailableError(f"the database failed ({_cause(error)})")
        case exc.SQLAlchemyError() | OSError() | TimeoutError():
            return UnavailableError(f"the database cannot be reached ({type(error).__name__})")
        case _:
            return error


def uncommitted(error: Exception) -> Exception:
    """Why a transaction could not be begun or committed: whatever the reason, nothing of it is kept."""
    ours = translated(error)
    return UnavailableError(f"nothing was kept: {ours.message}") if isinstance(ours, RefusedError) else ours


def _cause(error: exc.DBAPIError) -> str:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return str(cause)
    return str(getattr(cause, "sqlstate", None) or type(cause).__name__)
