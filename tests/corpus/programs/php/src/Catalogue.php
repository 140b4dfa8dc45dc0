<?php
// What is sold.
namespace Acme\Shop;

class Catalogue
{
    public static function load(array $rows): array
    {
        return array_map(fn (array $row) => self::item($row), $rows);
    }

    private static function item(array $row): array
    {
        return ['name' => $row['name'], 'price' => self::price($row['price']), 'since' => self::day($row['since'])];
    }

    private static function price(mixed $value): float
    {
        return $value * 1.0;
    }

    private static function day(string $text): \DateTime
    {
        return new \DateTime($text);
    }

    public static function path(array $parents, string $name, int $left): string
    {
        if ($left === 0) {
            throw new \OverflowException("no end above $name");
        }
        return self::path($parents, $parents[$name], $left - 1) . $name;
    }

    public static function feed(string $body): array
    {
        return json_decode($body, true, 9, JSON_THROW_ON_ERROR);
    }
}
