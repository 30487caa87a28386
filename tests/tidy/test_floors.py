"""The house stands: imports go down, never up and never sideways, and collections/ hides no one."""

import sys

from tests.tidy.sources import PRODUCT, ROOT, Source, sources

FLOORS = {"config": 0, "customers": 1, "ledger": 2, "aging": 3, "flags": 4, "dashboard": 6}
HIGHEST = 5
# Within reconciliation, too, each knows those before it alone; `tabular` reads tables for all of them.
RECONCILIATION = ("tabular", "bank", "matching", "books", "closing", "statements", "comparison", "rounds")
# The roof: where all floors are put together.
ROOF = ("config/urls.py", "config/celery.py", "config/demo/")
# What every page shares has to know who looks at it.
KNOW_WHO_LOOKS = ("config/pages.py", "config/navigation.py", "config/admin.py")


def apps() -> dict[str, int]:
    later = [folder.name for folder in (ROOT / "collections").iterdir() if (folder / "__init__.py").exists()]
    return {**dict.fromkeys(later, HIGHEST), **FLOORS}


def breaches(source: Source) -> list[str]:
    floors = apps()
    app = source.module.split(".")[0]
    wrong = []
    for name in source.imports():
        other = name.split(".")[0]
        if other not in floors or other == app or floors[other] < floors[app]:
            continue
        if source.path.startswith(ROOF) or (source.path in KNOW_WHO_LOOKS and name.startswith("customers.models")):
            continue
        wrong.append(f"{source.path} imports {name}")
    return wrong


def test_imports_only_go_down() -> None:
    assert [breach for source in sources() for breach in breaches(source)] == []


def test_reconciliation_knows_only_what_comes_before() -> None:
    place = {f"reconciliation.{name}": number for number, name in enumerate(RECONCILIATION)}
    wrong = [
        f"{source.path} imports {name}"
        for source in sources()
        for name in source.imports()
        if (own := place.get(".".join(source.module.split(".")[:2]))) is not None
        and place.get(".".join(name.split(".")[:2]), -1) > own
    ]
    assert wrong == []


def test_the_product_never_imports_its_tests_or_its_benchmark() -> None:
    wrong = [s.path for s in sources() for name in s.imports() if name.split(".")[0] in ("tests", "bench")]
    assert wrong == []


def test_only_addresses_know_the_views() -> None:
    """A rule that two doors need belongs into a service or a query, not into one of them."""
    wrong = [
        f"{source.path} imports {name}"
        for source in sources()
        for name in source.imports()
        if "views" in name.split(".") and name.split(".")[0] in apps() and "views" not in source.module.split(".")
        if not source.module.split(".")[-1].startswith("urls")
    ]
    assert wrong == []


def test_collections_is_a_folder_of_apps_and_no_package() -> None:
    folder = ROOT / "collections"
    assert not (folder / "__init__.py").exists(), "it would hide the standard library's collections"
    assert list(folder.glob("*.py")) == []
    import collections

    assert not str(collections.__file__).startswith(str(ROOT))
    for app in folder.iterdir():
        assert app.name not in sys.stdlib_module_names


def test_no_module_hides_one_of_the_standard_library_from_its_folder() -> None:
    """`cd customers && python ../manage.py …` puts the folder first on the path."""
    wrong = [s.path for s in sources() if s.module.split(".")[-1] in sys.stdlib_module_names]
    assert wrong == []


def test_nothing_is_called_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "lib", "signals"}
    everything = sources(*PRODUCT, "tests", "bench")
    assert [s.path for s in everything if drawers & set(s.module.split("."))] == []


def test_every_folder_of_tests_can_be_imported() -> None:
    wrong = [path.parent for path in (ROOT / "tests").rglob("*.py") if not (path.parent / "__init__.py").exists()]
    assert wrong == []
