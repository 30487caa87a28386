"""The state of a list is its query string: what is empty, a first page or an export is not said."""

from django.http import QueryDict

# How a list is looked at, apart from what is in it.
LOOK = ("sort", "columns", "size")
OF_A_MOMENT = ("page", "_export")


def query(data: QueryDict, *, without: tuple[str, ...] = (), page: int = 1) -> str:
    """`?…` of what is really asked, several columns said in one word; empty where nothing is."""
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        said = [str(value) for value in values if value]
        if not said or name in OF_A_MOMENT or name in without:
            continue
        if name == "columns":
            said = [",".join(said)]
        kept.setlist(name, said)
    if page > 1:
        kept["page"] = str(page)
    return f"?{kept.urlencode(safe=',')}" if kept else ""
