"""Invented people and companies. Any likeness to a real one is chance. Pure but for the random source it is given."""

from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc

# City, its region and the division code that its companies are registered under.
CITIES = (
    ("上海", "华东", "310115"), ("苏州", "华东", "320508"), ("杭州", "华东", "330106"), ("宁波", "华东", "330212"),
    ("无锡", "华东", "320214"), ("南京", "华东", "320115"), ("合肥", "华东", "340104"), ("青岛", "华东", "370212"),
    ("济南", "华东", "370102"), ("常州", "华东", "320412"), ("广州", "华南", "440106"), ("深圳", "华南", "440306"),
    ("佛山", "华南", "440604"), ("东莞", "华南", "441900"), ("厦门", "华南", "350203"), ("珠海", "华南", "440402"),
    ("北京", "华北", "110108"), ("天津", "华北", "120116"), ("石家庄", "华北", "130104"), ("武汉", "华中", "420111"),
    ("长沙", "华中", "430104"), ("郑州", "华中", "410105"), ("成都", "西南", "510107"), ("重庆", "西南", "500112"),
    ("昆明", "西南", "530102"), ("西安", "西北", "610113"), ("兰州", "西北", "620102"), ("沈阳", "东北", "210102"),
    ("大连", "东北", "210211"), ("哈尔滨", "东北", "230103"),
)  # fmt: skip
_FIRST = "启澜岚骏砺璟泓垚煜琛翊昊朗沐禾岳峻曜晟铄弘毅腾翔睿卓汇恺翰锦嘉拓皓颂尧谦霁旭祺凌"
_SECOND = "程原川衡舟谷野翎岭屿峰辰霖帆冶垣图桥"
_INDUSTRIES = (
    "机电设备", "精密机械", "自动化技术", "智能装备", "包装机械", "电气工程", "数控机床", "输送设备", "环保设备",
    "食品机械", "印刷机械", "纺织机械", "新能源科技", "汽车零部件", "工程机械", "医疗器械", "仓储物流设备", "电子",
)  # fmt: skip
_LONG_INDUSTRIES = ("智能制造系统集成与工业机器人应用技术", "重型装备制造及成套设备进出口", "水处理环保工程设备安装")
_FORMS = ("有限公司",) * 8 + ("股份有限公司", "有限责任公司")
_FAMILY_NAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许邓冯韩曹"
_GIVEN_NAMES = (
    "伟", "芳", "敏", "静", "丽", "强", "磊", "军", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "霞", "平",
    "秀英", "建华", "志强", "晓东", "海燕", "文博", "雨桐", "子涵", "佳怡", "俊杰", "思远", "国栋", "丽萍", "春梅",
)  # fmt: skip
# I, O, Z, S and V are left out of the code.
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    city: str
    region: str
    tax_id: str


def companies(rng: Random, count: int) -> list[Company]:
    """Companies of which no two share a name, and few near each other in the list look alike."""
    first, second = rng.sample(_FIRST, len(_FIRST)), rng.sample(_SECOND, len(_SECOND))
    found: dict[str, Company] = {}
    while len(found) < count:
        place = len(found)
        trade_name = first[place % len(first)] + second[(place + place // len(first)) % len(second)]
        city, region, division = rng.choice(CITIES)
        industry = rng.choice(_LONG_INDUSTRIES if rng.random() < 0.06 else _INDUSTRIES)
        name = f"{city}{trade_name}{industry}{rng.choice(_FORMS)}"
        found[name] = Company(name, city, region, credit_code(rng, division))
    return list(found.values())


def credit_code(rng: Random, division: str) -> str:
    """A unified social credit code (统一社会信用代码), registered in `division`; both check digits hold."""
    organisation = "MA" + "".join(rng.choice(_CODE_LETTERS) for _ in range(6))
    values = (int(letter, 36) for letter in organisation)
    check = 11 - sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True)) % 11
    number = f"91{division}{organisation}{'0123456789X0'[check]}"
    return number + str(uscc.calc_check_digit(number))


def person(rng: Random) -> str:
    return rng.choice(_FAMILY_NAMES) + rng.choice(_GIVEN_NAMES)
