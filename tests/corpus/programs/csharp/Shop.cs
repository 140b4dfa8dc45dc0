// A shop that fails in known ways: `shop.exe BUG NUMBER` prints the error as a reporter would send it.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace Acme.Shop
{
    public class ShopException : Exception
    {
        public ShopException(string message, Exception inner = null) : base(message, inner) { }
    }

    public class NotFoundException : Exception
    {
        public NotFoundException(string message) : base(message) { }
    }

    public static class Failures
    {
        public static void Fail(string reason, object detail)
        {
            throw new ShopException(reason + ": " + detail);
        }
    }

    public class Order
    {
        public int Id;
        public List<int> Lines;
        public string Coupon;
    }

    public class Orders
    {
        static readonly Dictionary<string, int> Coupons = new Dictionary<string, int> { { "SPRING", 20 } };
        static readonly Dictionary<string, int[]> Rates = new Dictionary<string, int[]> { { "XX", null }, { "YY", null } };

        // @2 public string Name(Order order) { return "order " + order.Id; }
        public int Total(Order order)
        {
            return order.Lines.Select(price => price * 2).Sum();
        }

        public int Checkout(Order order)
        {
            return Total(order) - Coupon(order.Coupon);
        }

        int Coupon(string name)
        {
            if (!Coupons.ContainsKey(name)) Failures.Fail("no such coupon", name);
            return Coupons[name];
        }

        public int Share(Order order)
        {
            return Total(order) / order.Lines.Count;
        }

        int Tax(int amount, string country)
        {
            return amount * Rates[country][0] / 100;
        }

        public int CartPage(string country)
        {
            return Tax(100, country);
        }

        public int InvoicePage(string country)
        {
            return 250 + Tax(250, country);
        }
    }

    public static class Catalogue
    {
        public static List<int> Load(IEnumerable<string> rows)
        {
            // @2 rows.Select(row => row.Length).ToList();
            return rows.Select(row => Item(row.Split(';'))).ToList();
        }

        static int Item(string[] parts)
        {
            return Price(parts[0]) * Count(parts[1]);
        }

        static int Price(string text)
        {
            return int.Parse(text);
        }

        static int Count(string text)
        {
            return int.Parse(text);
        }

        public static IEnumerable<int> Rows(int count)
        {
            for (var number = 0; number < count; number++) yield return number;
            throw new InvalidOperationException("only " + count + " rows");
        }

        public static string Path(Dictionary<string, string> parents, string name, int left)
        {
            if (left == 0) throw new InvalidOperationException("no end above " + name);
            return Path(parents, parents[name], left - 1) + name;
        }
    }

    public class Payment
    {
        public void Charge(int order, int limit)
        {
            try
            {
                Post("/v1/charges/" + order, limit);
            }
            catch (TimeoutException error)
            {
                throw new ShopException("order " + order + " was not charged", error);
            }
        }

        void Post(string path, int limit)
        {
            throw new TimeoutException(path + " gave no answer within " + limit + "ms");
        }

        public async Task<int> RefundAsync(int order)
        {
            await Task.Delay(1);
            return await ReadAsync(order);
        }

        async Task<int> ReadAsync(int order)
        {
            // @2 Func<int> one = () => 1;
            await Task.Yield();
            throw new NotSupportedException("order " + order + " was paid in cash");
        }

        public void Cancel(int order)
        {
            throw new InvalidOperationException("order " + order + " is closed");
        }
    }

    public class Box<T>
    {
        readonly List<T> items = new List<T>();

        public T First(int skipped)
        {
            return items[skipped];
        }
    }

    public static class Jobs
    {
        public static void Find(int number)
        {
            throw new NotFoundException(number + " not found");
        }

        public static void Address(int number)
        {
            throw new KeyNotFoundException(number + " not found");
        }

        public static object Setting(string name)
        {
            var settings = new Dictionary<string, object>();
            return settings[name];
        }

        public static int Cast(object value)
        {
            return ((int[])value).Length;
        }

        public static Action Nightly(int number)
        {
            return delegate { Console.WriteLine(new int[0][number]); };
        }

        public static void Each(string[] names)
        {
            Array.Sort(names, (left, right) => left.Length / (right.Length - right.Length));
        }
    }

    public static class Program
    {
        static readonly string[] Words = { "mug", "lamp", "chair", "desk", "rug", "vase", "clock", "stool" };

        public static void Main(string[] arguments)
        {
            var n = int.Parse(arguments[1]);
            try
            {
                Run(arguments[0], n, Words[n % 8]);
            }
            catch (Exception error)
            {
                Console.Write(error.GetType().FullName + "\u001e" + error.Message + "\u001e" + error);
            }
        }

        static void Run(string bug, int n, string word)
        {
            var orders = new Orders();
            var parents = new Dictionary<string, string> { { "a", "b" }, { "b", "a" } };
            switch (bug)
            {
                case "cart-without-lines": orders.Total(new Order { Id = n }); break;
                case "coupon-unknown": orders.Checkout(new Order { Lines = new List<int>(), Coupon = word }); break;
                case "share-of-nothing": orders.Share(new Order { Lines = new List<int>() }); break;
                case "price-is-no-number": Catalogue.Load(new[] { n + "x;1" }); break;
                case "count-is-no-number": Catalogue.Load(new[] { "1;" + n + "y" }); break;
                case "rows-end": Catalogue.Rows(n).ToList(); break;
                case "category-too-deep": Catalogue.Path(parents, n % 2 == 0 ? "a" : "b", 20 + n); break;
                case "stock-negative": Task.Run(() => Failures.Fail("not enough", word + n)).Wait(); break;
                case "gateway-times-out": new Payment().Charge(n, 100 + n); break;
                case "refund-async": new Payment().RefundAsync(n).GetAwaiter().GetResult(); break;
                case "cancel-by-reflection": typeof(Payment).GetMethod("Cancel").Invoke(new Payment(), new object[] { n }); break;
                case "box-is-empty": new Box<string>().First(n); break;
                case "job-lost": Jobs.Find(n); break;
                case "address-lost": Jobs.Address(n); break;
                case "setting-lost": Jobs.Setting(word); break;
                case "cast-of-setting": Jobs.Cast(n % 2 == 0 ? (object)n : word); break;
                case "delegate-fails": Jobs.Nightly(n)(); break;
                case "comparer-fails": Jobs.Each(new[] { word, "x", "yy" }); break;
                // one bug from two places
                case "tax-by-cart-page": orders.CartPage("XX"); break;
                case "tax-by-invoice-page": orders.InvoicePage("YY"); break;
            }
        }
    }
}
