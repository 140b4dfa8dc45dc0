# What is sold.
require 'date'

module Shop
  module Catalogue
    module_function

    def load(rows)
      rows.map { |row| item(*row) }
    end

    def item(name, price, since)
      { name: name, price: money(price), since: day(since) }
    end

    def money(text)
      Float(text)
    end

    def day(text)
      Date.iso8601(text)
    end

    def path(parents, name)
      path(parents, parents[name]) + [name]
    end

    def feed(body)
      JSON.parse(body).fetch('items')
    end
  end
end
