# Orders and their sums.
require 'shop/failures'

module Shop
  class Orders
    COUPONS = { 'SPRING' => 20 }.freeze
    RATES = { 'DE' => 19 }.freeze

    # @2 def name(order)
    # @2   "order #{order[:id]}"
    # @2 end
    # @2
    def total(order)
      order[:lines].sum { |line| line[:price] }
    end

    def checkout(order)
      total(order) - coupon(order[:coupon])
    end

    def coupon(name)
      COUPONS.fetch(name) { Failures.fail('no such coupon', name) }
    end

    def share(order)
      total(order) / order[:lines].size
    end

    def cart_page(country)
      { tax: tax(100, country) }
    end

    def invoice_page(country)
      [250, tax(250, country)]
    end

    private

    def tax(amount, country)
      amount * RATES[country] / 100
    end
  end
end
