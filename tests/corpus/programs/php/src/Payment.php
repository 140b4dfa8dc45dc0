<?php
// Money comes in.
namespace Acme\Shop;

class Payment
{
    public function __call(string $name, array $arguments): void
    {
        throw new \BadMethodCallException("no $name for order {$arguments[0]}");
    }

    public function charge(int $order, int $limit): void
    {
        try {
            $this->post("/v1/charges/$order", $limit);
        } catch (\RuntimeException $error) {
            throw new \LogicException("order $order was not charged", 0, $error);
        }
    }

    private function post(string $path, int $limit): void
    {
        throw new \RuntimeException("$path gave no answer within $limit seconds");
    }

    public function webhook(string $body): array
    {
        return json_decode($body, true, 9, JSON_THROW_ON_ERROR);
    }
}
