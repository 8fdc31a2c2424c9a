"""The surnames that nearly everybody bears, as a pattern. Left out is what begins common words (车, 时, 家, 水)."""

from __future__ import annotations

_DOUBLE = "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 端木 百里 南宫 呼延"
_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟"
    "姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤常温康施文牛樊"
    "葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁"
    "蓝骆路游靳辛管柴蒙鲍华喻祁房滕屈饶解牟艾尤阳穆农司卓古吉缪简车"
)

SURNAME = f"(?:{'|'.join(_DOUBLE.split())}|[{_SINGLE.replace('车', '')}])"
