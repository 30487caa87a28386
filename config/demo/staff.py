"""Who works at the demo firm. Pure."""

from dataclasses import dataclass

from customers.models import Role

# Stated openly: the demo is for looking around, never for a firm's own books.
PASSWORD = "demo-ledger-2026"

EAST_AND_NORTH, SOUTH_AND_WEST = "华东华北销售部", "华南中西部销售部"
TEAMS = (EAST_AND_NORTH, SOUTH_AND_WEST)


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    last_name: str
    first_name: str
    role: str
    team: str | None = None


PEOPLE = (
    Person("lina", "李", "娜", Role.SALESPERSON, EAST_AND_NORTH),
    Person("wangqiang", "王", "强", Role.SALESPERSON, EAST_AND_NORTH),
    Person("chenjing", "陈", "静", Role.SALESPERSON, EAST_AND_NORTH),
    Person("zhaolei", "赵", "磊", Role.SALESPERSON, SOUTH_AND_WEST),
    Person("liuyang", "刘", "洋", Role.SALESPERSON, SOUTH_AND_WEST),
    Person("manager", "周", "敏", Role.MANAGER, EAST_AND_NORTH),
    Person("manager2", "吴", "刚", Role.MANAGER, SOUTH_AND_WEST),
    Person("finance", "孙", "丽萍", Role.FINANCE),
    Person("finance2", "徐", "海燕", Role.FINANCE),
    Person("auditor", "郑", "国栋", Role.AUDITOR),
    Person("admin", "林", "思远", Role.ADMINISTRATOR),
)
USERNAMES = tuple(person.username for person in PEOPLE)
# Who looks after which region; the usernames of a region share its customers.
TERRITORIES = {
    "华东": ("lina", "lina", "wangqiang", "chenjing"),
    "华北": ("wangqiang", "chenjing"),
    "东北": ("chenjing",),
    "华南": ("zhaolei", "zhaolei", "liuyang"),
    "华中": ("liuyang",),
    "西南": ("zhaolei", "liuyang"),
    "西北": ("liuyang",),
}
