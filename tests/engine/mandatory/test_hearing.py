"""What must be told of at once is heard in plain words; what only speaks of children or old people is not."""

from __future__ import annotations

from time import process_time

import pytest

from doudi.engine.mandatory.hearing import ground_of
from doudi.engine.mandatory.vocabulary import Ground

CHILDREN = """
楼上那家的爸爸天天打孩子，孩子哭得厉害
隔壁邻居把孩子一个人锁在家里，趴在窗台上哭
继父猥亵女童
小区垃圾房旁边捡到一个弃婴
有个小孩被锁在车里
学校里有同学长期霸凌我家孩子，身上有伤
孩子身上青一块紫一块
发现一名女婴被扔在桥下
孩子独自在家，从阳台往外爬
中学生被校外人员殴打
培训班老师体罚学生
有人拐走了小孩
饭店里有童工，看着也就十三四岁
爸爸又把孩子打了
""".split()
HELPLESS = """
儿子长期虐待八十多岁的老母亲，不给饭吃
对门老人被儿子反锁在屋里好几天
保姆打老人，用手掐
养老院护工殴打老人
老人一个人摔在楼道起不来了，没人管
独居老人没人照顾，快不行了
智障女子被人关在家里，残疾人被囚禁
""".split()
NONE = """
小孩在楼道里打闹很吵
学校门口家长停车堵路
孩子上学难，户口问题
小朋友打疫苗在哪里
老人免费乘车卡怎么办
广场舞老人声音太大
社区举办反校园欺凌讲座
防校园霸凌宣传海报破损
学校无体罚学生现象，不得打骂学生
没有虐待老人，是误会
独居老人一个人住，想装扶手
残疾人停车位被占
车被锁了，带着孩子走不了
老人打了120已送医
店里让学生打工发传单
孩子玩滑板撞到人
学生公寓空调外机滴水
""".split()


@pytest.mark.parametrize("words", CHILDREN)
def test_a_child_hurt_or_in_danger_is_heard(words: str) -> None:
    assert ground_of(words) is Ground.MINOR


@pytest.mark.parametrize("words", HELPLESS)
def test_so_is_somebody_helpless(words: str) -> None:
    assert ground_of(words) is Ground.HELPLESS


@pytest.mark.parametrize("words", NONE)
def test_words_that_only_name_them_are_not(words: str) -> None:
    assert ground_of(words) is None


def test_the_time_grows_with_the_length_and_with_nothing_else() -> None:
    def cost(times: int) -> float:
        text = "孩子一个人没人管老人被把打" * times
        begun = process_time()
        ground_of(text)
        return process_time() - begun

    cost(10)
    assert cost(8000) < 40 * max(cost(800), 0.001)
