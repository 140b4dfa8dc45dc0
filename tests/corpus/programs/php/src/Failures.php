<?php
// What can be wrong in the shop, thrown in one place.
namespace Acme\Shop;

class Failures
{
    public static function fail(string $reason, mixed $detail): never
    {
        throw new \DomainException("$reason: $detail");
    }
}
