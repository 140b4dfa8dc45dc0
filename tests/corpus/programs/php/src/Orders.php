<?php
// Orders and their sums.
namespace Acme\Shop;

class Orders
{
    private const COUPONS = ['SPRING' => 20];
    private const RATES = ['DE' => 19];

    // @2 public function name(array $order): string
    // @2 {
    // @2     return "order {$order['id']}";
    // @2 }
    // @2
    public function total(array $order): int
    {
        return array_sum(array_map(fn ($line) => $line['price'], $order['lines']));
    }

    public function checkout(array $order): int
    {
        return $this->total($order) - $this->coupon($order['coupon']);
    }

    private function coupon(string $name): int
    {
        return self::COUPONS[$name] ?? Failures::fail('no such coupon', $name);
    }

    public function share(array $order): int
    {
        return intdiv($this->total($order), count($order['lines']));
    }

    private function tax(int $amount, string $country): float
    {
        return $amount * self::RATES[$country] / 100;
    }

    public function cartPage(string $country): array
    {
        return ['tax' => $this->tax(100, $country)];
    }

    public function invoicePage(string $country): array
    {
        return [250, $this->tax(250, $country)];
    }

    public function parcel(array $line): array
    {
        $weight = $line['weight'] * 1000;
        $size = $line['size'] * 10;
        return [$weight, $size];
    }
}
