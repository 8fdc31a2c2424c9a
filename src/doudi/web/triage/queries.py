"""The model that reads what comes in, and those before it."""

from __future__ import annotations

import logging

from doudi.engine.triage.whole_text import WholeText
from doudi.web import request_cache
from doudi.web.edition_cache import by_edition
from doudi.web.sql.select import get_or_none
from doudi.web.triage import files
from doudi.web.triage.models import ModelUse

logger = logging.getLogger(__name__)
_IN_USE = "kind_model_in_use"


def digest_in_use() -> str:
    """Its name; empty while the words of the catalogue are looked for."""
    return request_cache.once(_IN_USE, _digest)


def forget_model() -> None:
    request_cache.forget()


def _digest() -> str:
    # Every report asks this: as a queryset it would cost several times as much.
    use = get_or_none(ModelUse, until=None)
    return use.model_id if use else ""


def model_of(digest: str) -> WholeText | None:
    """The model of that name; None when it cannot be read: that stops no report, and the signs of health say it."""
    try:
        return _read(digest) if digest else None
    except files.ModelFileError as error:
        logger.warning("the model of kinds cannot be read: %s", error)
        return None


@by_edition(2)
def _read(digest: str) -> WholeText:
    return files.read(digest)


def open_use() -> ModelUse | None:
    return ModelUse.objects.select_related("model").filter(until__isnull=True).first()


def former_use(use: ModelUse) -> ModelUse | None:
    """The last use of another model whose file is still there."""
    earlier = ModelUse.objects.select_related("model").filter(pk__lt=use.pk).exclude(model=use.model_id)
    return next((one for one in earlier.order_by("-pk") if files.path_of(one.model_id).exists()), None)


def trouble() -> str:
    """One word when the model in use cannot be read."""
    digest = _digest()
    return "lost" if digest and not files.path_of(digest).exists() else ""
