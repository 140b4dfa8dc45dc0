"""Stack traces as each language prints them, shortened, with other paths."""

JAVA = """Exception in thread "main" java.lang.reflect.InvocationTargetException
	at java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)
	at java.base/java.lang.reflect.Method.invoke(Method.java:569)
	at com.acme.shop.Main.main(Main.java:10)
Caused by: com.acme.shop.Main$Declined: first
second
	at com.acme.shop.Main.pay(Main.java:7)
	at com.acme.shop.Main.lambda$main$0(Main.java:9)
	at com.acme.shop.Main$$Lambda$2/0x00007f652c001218.accept(Unknown Source)
	at java.base/java.lang.Iterable.forEach(Iterable.java:75)
	at com.acme.shop.Main$1.go(Main.java:12)
	... 5 more
Caused by: java.lang.IndexOutOfBoundsException: Index 3 out of bounds for length 0
	at java.base/java.util.ArrayList.get(ArrayList.java:427)
	at com.acme.shop.Main.inner(Main.java:6)
	... 11 more
	Suppressed: java.io.IOException: close failed
		at com.acme.shop.Main$Res.close(Main.java:5)
		... 11 more
	Caused by: java.lang.IllegalArgumentException: why
		... 12 more"""

SPRING = """2026-01-01 12:00:00.123 ERROR 1 --- [nio-8080-exec-1] o.a.c.c.C.[dispatcherServlet] : failed

org.springframework.dao.DataIntegrityViolationException: could not execute
	at app//org.springframework.orm.jpa.Dialect.convert(Dialect.java:290) ~[spring-orm-6.1.jar!/:6.1]
	at com.acme.shop.Cart$$SpringCGLIB$$0.pay(<generated>) ~[classes!/:na]
	at com.acme.shop.Cart.pay(Cart.kt:12) [classes!/:na]
	at com.acme.shop.Cart$pay$1.invokeSuspend(Cart.kt)
	at a.b.c(Unknown Source:12)
	at com.acme.shop.CartTest.pays twice(CartTest.kt:7)
	Suppressed: kotlinx.coroutines.DiagnosticCoroutineContextException: [x]
Caused by: org.hibernate.exception.ConstraintViolationException
	at org.hibernate.Delegate.convert(SourceFile:1)"""

PHP = """PHP Fatal error:  Uncaught InvalidArgumentException: inner
second (line): x in /srv/shop/cart.php:5
Stack trace:
#0 /srv/shop/cart.php(6): Shop\\Cart->inner()
#1 [internal function]: Shop\\Cart::Shop\\{closure}(1)
#2 /srv/shop/vendor/x/map.php(6): array_map(Object(Closure), Array)
#3 /srv/shop/cart.php(7): Shop\\Cart::make('it in /x.php(3): y()')
#4 /srv/shop/cart.php(13): Shop\\go()
#5 {main}

Next Shop\\Declined: outer in /srv/shop/cart.php:7
Stack trace:
#0 /srv/shop/cart.php(9): Shop\\Cart->pay()
#1 {main}
  thrown in /srv/shop/cart.php on line 7
Fatal error: Uncaught InvalidArgumentException: inner
second (line): x in /srv/shop/cart.php:5
Stack trace:
#0 {main}

Next Shop\\Declined: outer in /srv/shop/cart.php:7
Stack trace:
#0 {main}
  thrown in /srv/shop/cart.php on line 7"""

PHP_TOP = """Fatal error: Uncaught Exception in /srv/shop/cart.php:11
Stack trace:
#0 /srv/shop/cart.php(11): class@anonymous->{closure:Shop\\Cart::pay():12}(Array)
#1 {main}
  thrown in /srv/shop/cart.php on line 11"""

LARAVEL = """[2026-01-01 12:00:00] local.ERROR: outer {"exception":"[object] (Shop\\\\Declined(code: 0): outer at noon at /srv/shop/cart.php:7)
[stacktrace]
#0 /srv/shop/cart.php(9): Shop\\\\Cart->pay()
#1 {main}

[previous exception] [object] (InvalidArgumentException(code: 42S02): inner at /srv/shop/cart.php:5)
[stacktrace]
#0 /srv/shop/cart.php(6): Shop\\\\Cart->inner()
#1 {main}
"} """

RUBY = """cart.rb:8:in `rescue in pay': first (Shop::Declined)
second
	from cart.rb:5:in `pay'
	from cart.rb:21:in `<main>'
cart.rb:4:in `fetch': key not found: :k (KeyError)
	from /usr/lib/ruby/gems/3.1.0/gems/rack-2.2.3/lib/rack.rb:4:in `inner'
	from cart.rb:6:in `block (2 levels) in pay'
	from cart.rb:6:in `each'
	\x20... 10068 levels...
	from cart.rb:21:in `<main>'"""

RUBY_NEWEST_LAST = """Traceback (most recent call last):
	2: from cart.rb:16:in `<main>'
	1: from cart.rb:4:in `inner'
cart.rb:4:in `fetch': key not found: :k (KeyError)
	1: from cart.rb:16:in `<main>'
cart.rb:8:in `rescue in pay': \x1b[1mfirst (\x1b[1;4mShop::Declined\x1b[m\x1b[1m)\x1b[m
\x1b[1msecond\x1b[m"""

RUBY_34 = """cart.rb:20:in 'Shop::Cart#pay': undefined method 'foo' for nil (NoMethodError)

  nil.foo
     ^^^^
	from <internal:kernel>:187:in 'Kernel#loop'
	from cart.rb:6:in 'block (2 levels) in Shop::Cart.make'
	from cart.rb:21:in 'Object#go'
	from cart.rb:22:in '<main>'"""

GO = """panic: runtime error: index out of range [5] with length 0 [recovered]
	panic: again: runtime error
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x64c6e5]

goroutine 1 [running]:
main.main.func2()
	/srv/shop/main.go:16 +0x74
panic({0x6a2e20, 0xc0000c8078})
	/usr/local/go/src/runtime/panic.go:884 +0x212
github.com/acme/shop/cart%2ev2.(*Cart).Pay.func2(...)
	/srv/shop/cart/cart.go:6
main.Map[...]({0xc0000c3f20?, 0x1, 0xc00003e738}, 0xc0000c3f50?)
	/go/pkg/mod/github.com/x/y@v1.2.3/y.go:7 +0x3b
main.main()
	/srv/shop/main.go:16 +0xbd
created by net/http.(*Server).Serve in goroutine 1
	/usr/local/go/src/net/http/server.go:3102 +0x4db

goroutine 2 [select]:
main.other()
	/srv/shop/main.go:99 +0x1
exit status 2"""

GO_HTTP = """2026/11/26 17:22:02 http: panic serving 127.0.0.1:33630: boom
goroutine 5 [running]:
net/http.(*conn).serve.func1()
	net/http/server.go:1850 +0xbf
panic({0x6a2e20, 0xc00001c0c0})
	runtime/panic.go:890 +0x262
main.(*Cart).Pay(0x4a6633?, {0x0?, 0x0?, 0xc0000afaf0?})
	./cart.go:6 +0x38
created by net/http.(*Server).Serve
	net/http/server.go:3102 +0x4db"""

CSHARP = """Unhandled exception. System.InvalidOperationException: outer
second
 ---> Shop.Declined: inner
 ---> System.ArgumentNullException: Value cannot be null. (Parameter 'x')
   at System.Collections.Generic.Dictionary`2.get_Item(TKey key)
   at Shop.Cart..ctor(String x, Int32& y) in /src/Shop/Cart.cs:line 12
   --- End of inner exception stack trace ---
   at Shop.Cart.<>c__DisplayClass3_0.<Pay>b__0(Int32 x) in C:\\src\\Cart.cs:line 20
   at Shop.Cart.<PayAsync>d__5.MoveNext()
--- End of stack trace from previous location ---
   at Shop.Cart.Map[T](T x)
   --- End of inner exception stack trace ---
   at Shop.Program.Main(String[] args) in /src/Shop/Program.cs:line 5
 ---> (Inner Exception #1) System.Exception: further
   at Shop.Cart.Further()<---
"""

CSHARP_FRAMEWORK = """System.AggregateException: One or more errors occurred. ---> Shop.Declined: inner
   at Shop.Cart.Pay()
   --- End of inner exception stack trace ---
   at Shop.Program.Main (System.String[] args) [0x00000] in <0123abcd>:0 """

DART = """Unhandled exception:
FormatException: boom
second
#0      Cart.pay (package:shop/cart.dart:12:5)
#1      new Cart (package:flutter/src/cart.dart:12:5)
<asynchronous suspension>
#2      main.<anonymous closure> (file:///srv/bin/main.dart:3:8)
#3      _delayEntrypointInvocation.<anonymous closure> (dart:isolate-patch/isolate_patch.dart:297:19)"""

FLUTTER = """══╡ EXCEPTION CAUGHT BY WIDGETS LIBRARY ╞══════════════════════
The following _TypeError was thrown building Cart(dirty):
Null check operator used on a null value

When the exception was thrown, this was the stack:
#0      Cart.build (package:shop/cart.dart:12)
(elided 3 frames from class _AssertionError)
#4      StatelessElement.build (package:flutter/src/widgets/framework.dart:5550:49)"""

PYTHON = """Traceback (most recent call last):
  File "/srv/shop/cart.py", line 3, in pay
    raise ValueError("x")
ValueError: x"""

NODE = """/srv/shop/cart.js:2
throw new TypeError("outer")
^

TypeError: outer
    at pay (/srv/shop/cart.js:2:55)
    at Array.map (<anonymous>)
    at async Promise.all (index 0) {
  [cause]: RangeError: inner
      at Cart.inner (/srv/shop/cart.js:1:25)
}"""

FIREFOX = """pay@https://x.y/cart.js:1:2
setTimeout handler*main@https://x.y/main.js:3:4"""

SAMPLES = {
    "java": [JAVA, SPRING],
    "php": [PHP, PHP_TOP, LARAVEL],
    "ruby": [RUBY, RUBY_NEWEST_LAST, RUBY_34],
    "go": [GO, GO_HTTP],
    "csharp": [CSHARP, CSHARP_FRAMEWORK],
    "dart": [DART, FLUTTER],
    "python": [PYTHON],
    "javascript": [NODE, FIREFOX],
}
