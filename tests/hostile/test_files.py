"""Photographs and tables from anywhere: kept or refused in words, never at the cost of what was said beside them."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from doudi.web.files.models import Upload
from doudi.web.files.storage import path_of
from doudi.web.matters.models import Matter
from doudi.web.reports.models import Report, ReportPhoto
from doudi.web.timers.running import run_due
from doudi.web.upstream.models import ImportBatch
from tests.hostile import photographs, tables
from tests.hostile.conftest import LONG, Judge

PHOTOS, TABLES = (1100, 900) if LONG else (30, 25)


def test_no_photograph_costs_the_words_beside_it(town: SimpleNamespace, client: Client, judge: Judge) -> None:
    client.raise_request_exception = False
    heavy = [("flood.png", way(Random(n))) for n in range(3 if LONG else 0) for way in photographs.HEAVY]
    said = []
    for place, (name, raw) in enumerate([*heavy, *photographs.files(PHOTOS)]):
        words = f"第 {place} 处路灯不亮"
        file = SimpleUploadedFile(name.replace("/", "_"), raw, "image/jpeg")
        answer = judge(
            f"photo {place}",
            lambda words=words, file=file: client.post(f"/Q/{town.shop.code}", {"words": words, "photos": file}),
        )
        assert answer.status_code == 303, (place, name)
        said.append(words)
    assert sorted(Report.objects.values_list("words", flat=True)) == sorted(said)
    assert Matter.objects.count() == len(said)
    kept = list(Upload.objects.filter(kind="photo"))
    assert 0 < len(kept) == ReportPhoto.objects.count() < len(said)
    for one in kept:
        drawn = Image.open(path_of(one.pk, one.suffix))
        assert (drawn.format, "exif" in drawn.info, "comment" in drawn.info) == ("JPEG", False, False)


def test_no_table_breaks_the_import_page_or_the_timers(town: SimpleNamespace, client: Client, judge: Judge) -> None:
    client.raise_request_exception = False
    client.force_login(town.people.desk)
    came = 0
    for place, (name, raw) in enumerate(tables.files(TABLES)):
        file = SimpleUploadedFile(name.replace("/", "_"), raw)
        before = ImportBatch.objects.count()
        answer = judge(
            f"table {place} {name}", lambda file=file: client.post("/import", {"system": "区12345", "file": file})
        )
        assert answer.status_code in (302, 400), (place, name)
        if answer.status_code == 400:
            assert ImportBatch.objects.count() == before
            continue
        came += 1
        judge(f"table {place} {name} page", lambda to=answer.headers["Location"]: client.get(to, follow=True))
        run_due(sweep=False)
    assert came > 5
    judge("imports", lambda: client.get("/import"))
    for batch in ImportBatch.objects.filter(state="done"):
        assert batch.done == batch.total == batch.added + batch.known + batch.changed + batch.faulty
        judge("faults", lambda batch=batch: client.get(f"/import/{batch.pk}/faults.csv"))
    assert not ImportBatch.objects.filter(state="running").exists()
