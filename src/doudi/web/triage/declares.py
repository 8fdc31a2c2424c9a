"""What belongs to triage: the models that read what reports say are learned in time, and it is said when one is lost."""

from __future__ import annotations

from doudi.engine.triage.vocabulary import TriageJob
from doudi.web.registry.declared import Declared, HealthCheck, JobKind, Sweep
from doudi.web.triage.queries import trouble
from doudi.web.triage.services import forget_heard, start_teaching, teach_if_due

DECLARES: tuple[Declared, ...] = (
    JobKind(TriageJob.TEACH, "学习事项研判", start_teaching),
    Sweep("teach_kinds", teach_if_due, slow=True),
    Sweep("forget_dangers_heard", forget_heard, slow=True),
    # Reports come in meanwhile, read by the words of the catalogue.
    HealthCheck("kind_model", trouble, grave=False),
)
