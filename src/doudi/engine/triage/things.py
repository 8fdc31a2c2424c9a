"""The things that people complain of, by what they belong to: two clauses about different things may be two demands.

Each line is one topic with its words, as people write them. A word that stands twice counts for the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

_LINES = """
lamp 路灯 灯杆 声控灯 照明 夜景灯 景观灯 感应灯 灯不亮 灯坏
surface 路面 坑 塌陷 地面塌 塌了一个洞 地砖 石板 坑洼 道板 井盖 窨井盖 破损严重 水泥路 机耕路 减速带 凸面镜 石墩 修路
rail 护栏 栏杆 围栏 隔离栏 围挡 警示牌 没有警示 任何警示
signal 红绿灯 信号灯 交警 堵成 堵得 测速 抓拍 标志牌 标识 人行道没有 没有人行道 斑马线
parking 停车 车位 乱停 道闸 停车费 地锁 僵尸车
bike 共享单车 盲道 黑车 抢客 炸街 飙 超速 违规通行 限行 渣土车 大货车 冲出来 摩托
bus 公交 末班车 站台 到站不停 司机态度 顶棚 地铁
waste 垃圾 环卫 清运 果蝇 泔水 撒一地 碎片 针头 药瓶
toilet 公厕 厕所 化粪池
sewer 下水道 污水 污水管 雨水管 倒灌 积水 排水沟 粪水 泥浆 雨水井 进水 排到
river 河里 河水 死鱼 河道 水黑 臭水沟 那条沟 喷泉 水绿 电鱼 水库 排的废水 灌溉
supply 自来水 供水 停水 水质 水箱 直饮水 水管
power 停电 跳闸 变压器 变电房 电表 漏电 配电房 电线 飞线 充电 触电 电缆
gas 煤气 燃气 加油站 油气
net 宽带 基站 网络 信号 营业厅 套餐 电话亭
fume 油烟 喷漆 味道刺鼻 异味 臭味 臭得 烟味 扬尘 灰 烧木头 吸烟 禁烟 尘土
noise 噪音 噪声 吵 音响 广场舞 唱歌 放音乐 低音炮 高音喇叭 喇叭 打桩 半夜响 轰隆 狗叫 叫一整天 通宵 机器声 嗡嗡 水枪 KTV 扰民 从早响
stall 摆摊 占道 卖菜 流动摊 早餐摊 卖麻辣烫 货架 外摆 揽客 堵住 冰柜 挡住
sign 小广告 牛皮癣 招牌 灯箱 广告牌 插卡片 店招
fire 消防 消防通道 消防栓 逃生 灭火 安全出口 着火 油漆桶 进楼 堆满 旧家具 轮胎 隔断房
wall 裂缝 裂了 墙体 外墙 瓷砖 脱落 保温层 承重墙 怕塌 危房 烂了 门楼 房屋 掉石头 滑坡
build 违建 搭建 阳光房 盖房 违规改 砸承重 圈起来种菜 公共绿地 填了
lift 电梯 扶梯 困人
leak 漏水 渗水 天花板 墙都发霉
house 物业 物业费 公共收益 维修基金 业主大会 业委会
guard 保安 门禁 监控 外人随便进 巡逻
handover 开发商 交房 定金 售楼处 安置房 安置款 拆迁 青苗费 征了 公租房 热水器 转租 中介 佣金 学位被占
tree 香樟树 树枝 树倒 树死 树的 绿化带 补种 草坪 修剪 园林
animal 狗 遛狗 流浪猫 鸽子 养猪 养鸡 猴 老鼠 蛇 毒死 蚊子 马蜂
play 健身器材 游乐 蹦床 长椅 座椅 泳池 游泳池 救生员 摇摇车 公园 健身房 景区 售票处
school 学校 学区 幼儿园 培训班 操场 平板电脑 老师 校服 食堂 补课 办班
food 过期 地沟油 虫子 吃了饭 上吐下泻 假冒 假酒 缺斤少两 食品 拉肚子 电子秤 贴检定
shop 退款 退卡 预付卡 不退 快递 快递柜 收费 维权 店家 赔偿 强制 不赔 超市 假货 上牌 市场
medical 医院 急诊 疫苗 医保 救护车 号贩子 异地就医 接种 康复点 轮椅坏
social 社保 养老金 低保 补贴 残疾 护理补贴 失业金 居住证 户口 落户 救助 流浪的老人 老年食堂 无障碍 坡道 公示 名单
labour 工资 拖欠 欠薪 离职证明 加班 劳动
crime 赌博 聚众 涉黄 麻将馆 打架 被偷 诈骗 贩毒 未成年人进 网吧 卖烟 烟花 走失
farm 农田 水闸 灌溉渠 收割机 稻子 宅基地 土地确权 挖沙 鱼塘 菜园
throw 高空抛物 扔下
fishing 钓鱼 鱼线 鱼钩
express 驿站
culture 文化活动室 历史建筑 图书馆
carwash 洗车店
wander 捡到 寻人 走失
"""


@lru_cache(maxsize=1)
def _words() -> tuple[Mapping[str, str], re.Pattern[str]]:
    table: dict[str, str] = {}
    for line in _LINES.strip().split("\n"):
        topic, *words = line.split()
        table |= {word: table.get(word, topic) for word in words}
    longest_first = sorted(table, key=lambda word: (-len(word), word))
    return table, re.compile("|".join(map(re.escape, longest_first)))


def things_in(text: str) -> Iterator[tuple[str, str]]:
    """Each word for a thing in ``text`` with its topic, in order; what a longer word covers is not found again."""
    table, form = _words()
    for found in form.finditer(text):
        yield found[0], table[found[0]]
