"""What a question's filters and the rows of its report are called, as far as who asks may know it."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from aging.question import Grouping, Names, Question
from customers.models import Customer, CustomerQuerySet, User
from customers.queries import salespeople
from ledger.models import Entry

# Of a row that is out of the sight of who asks, since the question was put.
UNKNOWN = "–"


def customers_in_sight(user: User | None) -> CustomerQuerySet:
    """Those that `user` sees, and those of a sale that `user` answers for still; without a user, all."""
    customers = Customer.objects.all()
    if user is None or user.sees_all:
        return customers
    own_sales = Entry.objects.filter(customer=OuterRef("pk"), salesperson=user)
    return customers.filter(Q(pk__in=customers.visible_to(user).values("pk")) | Exists(own_sales))


def people_in_sight(user: User | None) -> QuerySet[User]:
    """Those by whom `user` may filter; without a user, all."""
    return User.objects.all() if user is None else salespeople(user) | User.objects.filter(pk=user.pk)


def names_of(question: Question, user: User | None) -> Names:
    """What the filters are called that name a row."""
    customer = salesperson = ""
    if question.customer is not None:
        customer = str(customers_in_sight(user).filter(pk=question.customer).first() or UNKNOWN)
    if question.salesperson is not None:
        salesperson = str(people_in_sight(user).filter(pk=question.salesperson).first() or UNKNOWN)
    return Names(customer, salesperson)


def group_name(by: Grouping, group: int | str | None) -> str:
    """What a row of the report is called; for those alone who see something in it."""
    match by:
        case Grouping.REGION:
            return str(group or _("without a region"))
        case Grouping.KEY_ACCOUNT:
            return _("key accounts") if group else _("other customers")
        case Grouping.SALESPERSON:
            return str(User.objects.filter(pk=group or 0).first() or _("without a salesperson"))
        case Grouping.CUSTOMER | Grouping.PARENT:
            return str(Customer.objects.filter(pk=group or 0).first() or "")
