"""The project's own Python files, read as trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("config", "customers", "ledger", "collections")


@dataclass(frozen=True)
class Source:
    path: str

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse((ROOT / self.path).read_text())))

    @property
    def module(self) -> str:
        """Its name when imported: collections/aging/buckets.py is aging.buckets."""
        return self.path.removeprefix("collections/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def imports(self) -> Iterator[str]:
        """The modules that it imports, inside functions as well."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)

    def calls(self) -> Iterator[tuple[str, int]]:
        """The functions and methods that it calls, by their last name, and the line of each."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Attribute):
                    yield f".{node.func.attr}", node.lineno
                elif isinstance(node.func, ast.Name):
                    yield node.func.id, node.lineno


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    found = (path for folder in folders or PRODUCT for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(_source(str(path.relative_to(ROOT))) for path in found)


@cache
def _source(path: str) -> Source:
    """One for each file: it is parsed once, and only if a test looks into it."""
    return Source(path)
