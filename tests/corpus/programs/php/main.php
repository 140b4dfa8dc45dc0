<?php
// A shop that fails in known ways: `main.php BUG NUMBER` prints the error as a reporter would send it.
declare(strict_types=1);

spl_autoload_register(function (string $name): void {
    require __DIR__ . '/src/' . basename(str_replace('\\', '/', $name)) . '.php';
});
set_error_handler(fn (int $level, string $text, string $file, int $line) => throw new ErrorException($text, 0, $level, $file, $line));

use Acme\Shop\{Catalogue, Jobs, Orders, Payment, Stock};

$words = ['mug', 'lamp', 'chair', 'desk', 'rug', 'vase', 'clock', 'stool'];

function run(string $bug, int $n, string $word): mixed
{
    $orders = new Orders();
    // @2 $ready = fn () => true;
    return match ($bug) {
        'cart-without-lines' => $orders->total(['id' => $n]),
        'coupon-unknown' => $orders->checkout(['id' => $n, 'lines' => [], 'coupon' => $word]),
        'share-of-nothing' => $orders->share(['id' => $n, 'lines' => []]),
        'price-is-no-number' => Catalogue::load([['name' => $word, 'price' => "about $n"]]),
        'date-is-no-date' => Catalogue::load([['name' => $word, 'price' => 5, 'since' => "$word $n"]]),
        'category-too-deep' => Catalogue::path(['a' => 'b', 'b' => 'a'], 'ab'[$n % 2], 20 + $n),
        'feed-is-no-json' => Catalogue::feed("{\"$word\": }"),
        'stock-negative' => Stock::take($word, $n),
        'stock-locked' => Stock::lock($word),
        'gateway-times-out' => (new Payment())->charge(1000 + $n, $n),
        'webhook-is-no-json' => (new Payment())->webhook("<$word"),
        'magic-refuses' => (new Payment())->refund($n),
        'anonymous-class' => Jobs::nightly($n)->run(),
        'closure-in-array' => Jobs::each(range(0, $n)),
        'generator-ends' => Jobs::drain($n),
        'job-lost' => Jobs::find($n),
        'address-lost' => Jobs::address($n),
        'template-warns' => Jobs::page(['title' => $word]),
        'wrong-type' => Jobs::level($n % 2 ? 'x' : null),
        // one bug from two places
        'tax-by-cart-page' => $orders->cartPage('XX'),
        'tax-by-invoice-page' => $orders->invoicePage('YY'),
        // two bugs in one function
        'weight-missing' => $orders->parcel(['size' => 3]),
        'size-missing' => $orders->parcel(['weight' => 3]),
    };
}

try {
    run($argv[1], (int) $argv[2], $words[$argv[2] % 8]);
} catch (Throwable $error) {
    echo implode("\x1e", [get_class($error), $error->getMessage() ?: get_class($error), (string) $error]);
}
