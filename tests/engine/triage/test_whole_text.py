"""Whole texts are told apart by what they are about; shares hold, sets keep their promise, what is new is seen."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from doudi.engine.triage.calibration import bound, bounds, calibration_error, in_set, shares
from doudi.engine.triage.features import features_of
from doudi.engine.triage.whole_text import Lessons, WholeText, arrays_of, from_arrays, teach

PLACES = ("东门口", "菜场边", "学校旁", "桥下面", "小区里", "车站前", "河岸上", "村口处", "厂区外", "公园内")
WHEN = ("昨天", "今早", "上周", "一直", "夜里", "下雨时", "最近", "周末")
WHAT = {
    "noise": ("打桩机整夜轰鸣睡不着", "施工噪音太大", "凌晨还在敲打吵人", "挖掘机声音震耳"),
    "waste": ("垃圾堆成山没人清", "垃圾袋到处乱扔", "剩菜发臭苍蝇乱飞", "垃圾桶满了溢出来"),
    "light": ("路灯不亮一片漆黑", "路灯坏了走路害怕", "灯杆上的灯全灭了", "没有路灯看不清路"),
    "water": ("河水发黑又臭", "河面漂着死鱼", "黑水流进河浜", "河道淤泥太厚"),
}
CLASSES = tuple(WHAT)


def lessons(*names: str) -> tuple[list[str], np.ndarray]:
    made = [
        (f"{when}{place}{what}，编号{number}", names.index(name))
        for name in names
        for number, (place, when, what) in enumerate(product(PLACES, WHEN, WHAT[name]))
    ]
    return [text for text, _ in made], np.array([label for _, label in made])


@pytest.fixture(scope="module")
def model() -> WholeText:
    texts, labels = lessons(*CLASSES)
    return teach(CLASSES, Lessons([features_of(one) for one in texts], labels, np.zeros(len(texts), bool)))[0]


def test_courtesy_says_nothing() -> None:
    bare, courteous = features_of("路灯不亮"), features_of("尊敬的市领导您好！路灯不亮，恳请有关部门尽快解决，谢谢！")
    added = set(courteous.hashes) - set(bare.hashes)
    assert len(added) <= len(features_of("，，！").hashes) + 6


def test_every_digit_is_the_same_digit() -> None:
    one, other = features_of("电话13812345678"), features_of("电话13987654321")
    assert (one.hashes == other.hashes).all()


def test_nothing_breaks_on_what_is_hardly_a_text(model: WholeText) -> None:
    for text in ("", " ", "\ud800", "😀" * 500, "。" * 3000, "领导您好", "a"):
        seen = model.look(text)
        assert seen.shares.sum() == pytest.approx(1)
        assert model.words_for(text, [0]) == [()]


def test_the_right_class_is_first_and_its_words_are_marked(model: WholeText) -> None:
    text = "领导您好，菜场门口的路灯坏了好几天，走路害怕，请尽快处理"
    seen = model.look(text)
    assert CLASSES[int(seen.shares.argmax())] == "light"
    [words] = model.words_for(text, [CLASSES.index("light")])
    assert any("灯" in word for word in words)
    assert all(word in text and "领导" not in word for word in words)


def test_the_same_lessons_give_the_same_arrays_and_arrays_give_the_model_back(model: WholeText) -> None:
    texts, labels = lessons(*CLASSES)
    again, _ = teach(CLASSES, Lessons([features_of(one) for one in texts], labels, np.zeros(len(texts), bool)))
    kept, made = arrays_of(model), arrays_of(again)
    assert all((kept[name] == made[name]).all() for name in kept)
    back = from_arrays(kept)
    assert (back.look("河水黑臭").shares == model.look("河水黑臭").shares).all()
    assert not any(array.dtype.hasobject for array in kept.values())
    with pytest.raises(ValueError, match="form"):
        from_arrays(kept | {"form": np.array([99])})


def test_what_no_class_is_about_looks_strange(model: WholeText) -> None:
    known = [
        model.look(f"前天{place}{what}，编号{at}").known for place in PLACES for at, what in enumerate(WHAT["waste"])
    ]
    new = [model.look(text).known for text in ("孩子上小学的学区怎么划分", "养老金补缴的年限是多少", "请问疫苗预约")]
    assert max(new) < 0.05 < float(np.mean(known))


def test_a_bound_promises_nothing_with_too_few_cases() -> None:
    assert bound(np.linspace(0, 0.5, 18), 0.05) == 1.0
    assert bound(np.linspace(0, 0.5, 19), 0.05) == 0.5


def test_a_thin_class_borrows_the_bound_of_its_family() -> None:
    found = np.array([[0.9, 0.05, 0.05]] * 40 + [[0.1, 0.6, 0.3]] * 3 + [[0.2, 0.2, 0.6]] * 40)
    labels = np.array([0] * 40 + [1] * 3 + [2] * 40)
    made = bounds(found, labels, [0, 1, 1], 0.05)
    assert made == pytest.approx([0.1, 0.4, 0.4])


def test_each_class_is_missed_no_more_often_than_promised() -> None:
    dice = np.random.default_rng(7)
    labels = dice.integers(0, 3, 6000)
    margins = dice.normal(0, 1, (6000, 3))
    margins[np.arange(6000), labels] += np.array([3.0, 2.0, 1.0])[labels]
    found = shares(margins, 1.0, np.zeros(3, np.float32))
    half = np.arange(6000) % 2 == 0
    chosen = in_set(found[~half], bounds(found[half], labels[half], [0, 0, 0], 0.1))
    for label in range(3):
        own = labels[~half] == label
        assert chosen[own, label].mean() == pytest.approx(0.9, abs=0.035)


def test_the_error_of_shares_that_boast_is_seen() -> None:
    boasting = np.array([[0.95, 0.05]] * 100)
    right = np.array([0] * 60 + [1] * 40)
    assert calibration_error(boasting, right) == pytest.approx(0.35)
    assert calibration_error(np.array([[0.6, 0.4]] * 100), right) == pytest.approx(0.0)
