"""From a posted form to a stored answer: what to do with what was entered, and what to say when it is not stored."""

from accounts.models import User
from assessment.forms import AnswerForm
from assessment.models import Assessment, Workload
from assessment.services import AnswerConflict, InvalidAnswer, clear_answer, save_answer


def store(assessment: Assessment, workload: Workload | None, form: AnswerForm, user: User) -> bool:
    """Store what a form holds; a stated answer without anything in it takes the answer back.

    True when it is stored; else the form says why: `problems`, or `conflict`.
    """
    entry = form.entry()
    raw, state = entry.pop("raw"), entry.pop("state")
    try:
        if raw is None and state == "stated" and not any(entry.values()):
            clear_answer(assessment, workload, form.question.id, seen_version=form.seen_version())
        elif raw is None and state in ("stated", "assumed"):
            raise InvalidAnswer([((), "The assumed value is missing." if state == "assumed" else "The value is missing.")])
        else:
            given = {"user": user, "state": state, "seen_version": form.seen_version(), **entry}
            save_answer(assessment, workload, form.question.id, raw, **given)
    except InvalidAnswer as error:
        form.reject(error.problems)
        return False
    except AnswerConflict as error:
        form.refuse(error.current)
        return False
    return True
