<?php
// What is there.
namespace Acme\Shop;

class Stock
{
    public static function take(string $name, int $count): void
    {
        Failures::fail('not enough', "$name x $count");
    }

    public static function lock(string $name): void
    {
        Failures::fail('locked by somebody', $name);
    }
}
