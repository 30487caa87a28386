"""The salespeople that a workbook names, by user name or, where only one person has it, by full name."""

from collections import defaultdict

from django.utils.translation import gettext as _

from customers.models import Role, User
from ledger.bulk import chunks
from ledger.workbook.parsing import Mistake, ParsedBook, Row


class Salespeople:
    def __init__(self, book: ParsedBook, *, create: bool, store: bool) -> None:
        """Finds all of them at once. With `create` an unknown one is made, which is kept where `store` says so."""
        self.book = book
        sheets = book.sheets.values()
        named = sorted({row["salesperson"] for sheet in sheets for row in sheet.rows if row["salesperson"]})
        self._found: dict[str, User] = {}
        self._ambiguous: set[str] = set()
        for chunk in chunks(named):
            self._found.update((user.username, user) for user in User.objects.filter(username__in=chunk))
        if unknown := [name for name in named if name not in self._found]:
            self._find_by_full_name(unknown)
        if create:
            new = [name for name in named if name not in self._found and name not in self._ambiguous]
            for position, name in enumerate(new, start=1):
                self._found[name] = _new(name, None if store else -position)
                message = _("The salesperson %(name)s is new; an administrator gives the password to sign in with.")
                book.warnings.append(Mistake("", None, None, name, message % {"name": name}))

    def _find_by_full_name(self, names: list[str]) -> None:
        """Who works here comes before who has left; a name of several people is none to post by."""
        people: dict[str, list[User]] = defaultdict(list)
        for user in User.objects.order_by("pk"):
            people[user.get_full_name()].append(user)
        for name in names:
            meant = [user for user in people[name] if user.is_active] or people[name]
            if len(meant) == 1:
                self._found[name] = meant[0]
            elif meant:
                self._ambiguous.add(name)

    def of(self, key: str, row: Row) -> User | None:
        """The salesperson of a row, where it names one; an unknown name is noted as a mistake."""
        name = row["salesperson"]
        if not name:
            return None
        found = self._found.get(name)
        if found is None:
            message = _("is no user; create the salesperson first, or import with salespeople being created")
            if name in self._ambiguous:
                message = _("is the name of several people; give the user name")
            self.book.mistake(key, row, "salesperson", name, message)
        return found


def _new(name: str, placeholder: int | None) -> User:
    """A user who cannot sign in yet; with a placeholder for its key it is not stored."""
    user = User(pk=placeholder, username=name, role=Role.SALESPERSON)
    user.set_unusable_password()
    if placeholder is None:
        user.save()
    return user
