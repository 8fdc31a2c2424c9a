"""What vanishes when a danger is met: it is sampled or photographed before it is cleared, and the step says so."""

from __future__ import annotations

from collections.abc import Mapping

TRACES: Mapping[str, str] = {
    "gas": "先测浓度、拍下表和阀门，再关阀通风。",
    "fire_smoke": "先拍下烟和火点，救人灭火不用等；清场前再拍一遍。",
    "current": "先远处拍下断线和位置，再断电处理。",
    "collapse": "先拍下裂缝和残骸，再清除；残块留样。",
    "falling": "先拍下掉落物和掉落的位置，东西留着再清扫。",
    "water": "先拍下水位和来水的地方，脏水先取样，再抽排。",
    "machine": "先拍下机器停在什么位置，再移动。",
    "traffic": "先拍下车辆位置、刹车痕和散落物，再挪车清扫。",
    "weapon": "东西不要碰，先拍照，等民警来取。",
    "poison": "先取样（水、土、食物、气味处的空气），再冲洗清除。",
    "explosive": "不要碰，先远处拍照，等民警来处理。",
    "ice_tree": "先拍下倒伏或结冰的样子，再清除。",
}
"""By sort of danger. Nobody waits with saving a life for a photograph."""
ANY_TRACE = "会消失的（水、烟、噪声、货物、痕迹）先拍照、取样或测一下，再清除。"


def traces_of(sort: str) -> str:
    """What is to be kept before it is cleared, of this sort or of any."""
    return TRACES.get(sort, ANY_TRACE)
