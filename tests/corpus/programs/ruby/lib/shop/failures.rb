# What can be wrong in the shop, raised in one place.
module Shop
  class ShopError < StandardError; end
  class NotFound < StandardError; end

  module Failures
    def self.fail(reason, detail)
      raise ShopError, "#{reason}: #{detail}"
    end
  end
end
