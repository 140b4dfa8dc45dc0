curl -s "${URL%/graphql}/webhook/laravel/?key=$KEY&service=shop" -H 'Content-Type: application/json' --data-binary '{
  "message": "Order 7 cannot be placed",
  "context": {"exception": {"class": "App\\Exceptions\\OrderFailed", "message": "Order 7 cannot be placed",
              "file": "/var/www/shop/app/Services/OrderService.php:84"}, "userId": 42},
  "level_name": "ERROR", "channel": "production"
}'
