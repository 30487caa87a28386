"""How past expectations turned out, in words."""

from django.utils.translation import gettext as _

from ledger.money import formatted
from trends.measures import tenths
from trends.queries.cash import BackTest


def turned_out(test: BackTest, currency: str) -> list[str]:
    """Sentences for a reader who has to decide how far to trust the next weeks."""
    if test.error is None:
        return [_("No whole week can be compared yet.")]
    said = [
        _("On average a single week was off by %(error)s%% of what came, upwards or downwards.")
        % {"error": tenths(test.error)}
    ]
    if test.bias is not None:
        share = {"share": tenths(abs(test.bias))}
        if test.bias < 0:
            said.append(_("All these weeks together brought %(share)s%% less than was expected.") % share)
        else:
            said.append(_("All these weeks together brought %(share)s%% more than was expected.") % share)
    if test.expected_then is not None:
        said.append(
            _(
                "Twelve weeks ago %(then)s %(currency)s were expected of them; %(came)s came, also from what was sold"
                " since."
            )
            % {"then": formatted(test.expected_then), "came": formatted(test.came), "currency": currency}
        )
    return said
