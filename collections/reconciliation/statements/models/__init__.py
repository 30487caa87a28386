from reconciliation.statements.models.answers import Answer, AnswerFile, AnswerLine, Evidence
from reconciliation.statements.models.dispatches import Dispatch
from reconciliation.statements.models.drafts import Draft, DraftFile
from reconciliation.statements.models.firm import FirmProfile
from reconciliation.statements.models.statements import State, Statement

__all__ = [
    "Answer",
    "AnswerFile",
    "AnswerLine",
    "Dispatch",
    "Draft",
    "DraftFile",
    "Evidence",
    "FirmProfile",
    "State",
    "Statement",
]
