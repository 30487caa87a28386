"""What the demo firm sells: parts and machines for factories. Pure but for the random source it is given."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from ledger.documents import LineInput
from ledger.money import rounded


@dataclass(frozen=True, slots=True)
class Product:
    name: str
    unit: str
    # In CNY, tax included; cheap ones by the metre or piece have more places.
    price: Decimal


CATALOGUE = tuple(
    Product(name, unit, Decimal(price))
    for name, unit, price in (
        ("伺服电机 750W", "台", "1680.00"), ("伺服驱动器 ES-7", "台", "2150.00"), ("变频器 7.5kW", "台", "1890.00"),
        ("控制器 PLC-32", "套", "3260.00"), ("触摸屏 10.1寸", "台", "1420.00"), ("减速机 PX90", "台", "1250.00"),
        ("直线导轨 HG25", "根", "486.00"), ("滚珠丝杠 SFU2510", "根", "735.00"), ("标准气缸 SC63", "只", "168.50"),
        ("电磁阀 4V210", "只", "42.80"), ("光电传感器 E3", "只", "86.00"), ("接近开关 M12", "只", "38.50"),
        ("深沟球轴承 6205", "只", "12.3600"), ("联轴器 D40", "只", "58.00"), ("交流接触器 CJ-65", "只", "145.00"),
        ("塑壳断路器 250A", "只", "392.00"), ("开关电源 24V/10A", "台", "136.00"), ("工业交换机 8口", "台", "880.00"),
        ("屏蔽电缆 4×1.5", "米", "6.8350"), ("拖链电缆 12×0.75", "米", "14.2680"), ("不锈钢气管 Φ10", "米", "3.4125"),
        ("齿轮润滑油 220#", "桶", "2380.00"), ("密封件套装", "套", "96.00"), ("铝型材 4040", "米", "31.7500"),
    )
)  # fmt: skip
MACHINE = Product("自动化装配线 ZX-200", "套", Decimal("360000.00"))
_CHEAPEST = min(CATALOGUE, key=lambda product: product.price)
# Of one product in one line.
_MOST = 1_500
# What one unit of a currency is worth in the prices above: good enough for a demo's price list.
_CNY_FOR = {"CNY": Decimal(1), "USD": Decimal("7.15"), "EUR": Decimal("7.80")}


def basket(rng: Random, value: int, currency: str = "CNY") -> tuple[LineInput, ...]:
    """One to four lines that come to about `value`, at a price level that differs a little by sale."""
    count, level = rng.choice((1, 1, 2, 2, 3, 4)), Decimal(rng.randint(94, 106)) / 100
    share = value * _CNY_FOR[currency] / count
    # Nobody buys half a motor, or a lorry full of switches.
    products = [product for product in CATALOGUE if product.price <= share <= product.price * _MOST]
    chosen = rng.sample(products, min(count, len(products))) or [_CHEAPEST]
    return tuple(_line(product, value // len(chosen), level, currency) for product in chosen)


def _line(product: Product, value: int, level: Decimal, currency: str) -> LineInput:
    exact = product.price * level / _CNY_FOR[currency]
    price = exact.quantize(product.price if product.price < 40 else Decimal("0.01"))
    return LineInput(product.name, Decimal(max(1, round(value / price))), product.unit, price)


def machine() -> LineInput:
    return LineInput(MACHINE.name, Decimal(1), MACHINE.unit, MACHINE.price)


def tax_within(amount: Decimal, percent: int) -> Decimal:
    """The value-added tax that `amount` contains, to the cent."""
    return rounded(amount * percent / (100 + percent))
