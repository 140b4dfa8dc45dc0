# A shop that fails in known ways: `main.rb BUG NUMBER` prints the error as a reporter would send it.
$LOAD_PATH.unshift(File.join(__dir__, 'lib'))
require 'json'
require 'shop/orders'
require 'shop/catalogue'
require 'shop/stock'
require 'shop/payment'
require 'shop/jobs'

WORDS = %w[mug lamp chair desk rug vase clock stool].freeze

def run(bug, n, word)
  case bug
  when 'cart-without-lines' then Shop::Orders.new.total(id: n)
  when 'coupon-unknown' then Shop::Orders.new.checkout(id: n, lines: [], coupon: word)
  when 'share-of-nothing' then Shop::Orders.new.share(lines: [])
  when 'price-is-no-number' then Shop::Catalogue.load([[word, "#{n}x", '2026-01-01']])
  when 'date-is-no-date' then Shop::Catalogue.load([[word, '5', "2026-13-#{n}"]])
  when 'category-cycle' then Shop::Catalogue.path({ 'a' => 'b', 'b' => 'c', 'c' => 'a' }, 'abc'[n % 3])
  when 'feed-is-no-json' then Shop::Catalogue.feed("{\"#{word}\": }")
  when 'stock-negative' then in_thread { Shop::Stock.take(word, n) }
  when 'stock-locked' then in_thread { Shop::Stock.lock(word) }
  when 'gateway-times-out' then Shop::Payment.new.charge(1000 + n, n)
  when 'webhook-is-no-json' then Shop::Payment.new.webhook("<#{word}")
  when 'missing-refuses' then Shop::Payment.new.refund(n)
  when 'defined-refuses' then Shop::Payment.new.pay_by_cash(n)
  when 'card-is-frozen' then Shop::Payment.new.store(word)
  when 'blocks-in-blocks' then Shop::Jobs.each((0..n).to_a)
  when 'job-lost' then Shop::Jobs.find(n)
  when 'address-lost' then Shop::Jobs.address(n)
  when 'setting-lost' then Shop::Jobs.setting(word)
  when 'formula-of-text' then Shop::Jobs.formula("#{n} / 0")
  when 'lazy-row' then Shop::Jobs.lazy.first(n + 2)
  # one bug from two places
  when 'tax-by-cart-page' then Shop::Orders.new.cart_page('XX')
  when 'tax-by-invoice-page' then Shop::Orders.new.invoice_page('YY')
  end
end

def in_thread(&block)
  thread = Thread.new(&block)
  thread.report_on_exception = false
  thread.join
end

begin
  run(ARGV[0], ARGV[1].to_i, WORDS[ARGV[1].to_i % 8])
rescue Exception => e
  order = ARGV[1] == '5' ? :bottom : :top
  print [e.class.name, e.message, e.full_message(highlight: false, order: order)].join("\x1e")
end
