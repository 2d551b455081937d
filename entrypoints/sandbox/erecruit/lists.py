"""Pages of lists: from 1, a hundred rows unless asked, never more than five hundred, none past the end."""

from collections.abc import Callable, Sequence

from entrypoints.sandbox.erecruit.manners import invalid
from entrypoints.sandbox.erecruit.state import Row, State
from entrypoints.sandbox.fields import INTEGER, LOCAL_TIME, Field, id_list
from entrypoints.sandbox.wire import Ask, Paging, Refusal, Reply

PAGED = (Field("Page", INTEGER), Field("PageSize", INTEGER), Field("ModifiedAfter", LOCAL_TIME))
USUAL, MOST = 100, 500
IDS = id_list(50)


def paged(state: State, ask: Ask, rows: Sequence[Row], show: Callable[[Row], Row]) -> Reply:
    page, size = ask.query.get("Page", 1), min(ask.query.get("PageSize", USUAL), MOST)
    if page < 1 or size < 1:
        raise Refusal(invalid("query", {"Page": ["Page and PageSize must be 1 or more."]}))
    items = [show(row) for row in _cut(rows, page, size, ask.paging)]
    if state.switches.bare_lists:
        return Reply(body=items)
    pages = -(-len(rows) // size)
    return Reply(body={"Page": page, "PageSize": size, "TotalCount": len(rows), "TotalPages": pages, "Items": items})


def _cut(rows: Sequence[Row], page: int, size: int, paging: Paging) -> Sequence[Row]:
    start = 0 if paging is Paging.REPEATED else (page - 1) * size
    if paging is Paging.ENDLESS and rows:
        return [rows[(start + at) % len(rows)] for at in range(size)]
    return rows[start : start + size]


def chosen(ask: Ask, rows: Sequence[Row], **keys: str) -> Sequence[Row]:
    """Rows not older than ModifiedAfter whose value is in each id list given; `keys` names the column for a list."""
    after = ask.query.get("ModifiedAfter")
    if after is not None:
        rows = [row for row in rows if row["ModifiedOn"] >= after]
    for name, column in keys.items():
        if name in ask.query:
            wanted = set(ask.query[name])
            rows = [row for row in rows if row[column] in wanted]
    return rows
