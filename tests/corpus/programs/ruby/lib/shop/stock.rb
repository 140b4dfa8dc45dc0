# What is there.
module Shop
  module Stock
    def self.take(name, count)
      Failures.fail('not enough', "#{name} x #{count}")
    end

    def self.lock(name)
      Failures.fail('locked by somebody', name)
    end
  end
end
