package query

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Plain turns what a driver gives for a column of that type into what JSON knows:
// nil, bool, int64, uint64, float64, string, json.Number (integers beyond 64 bits
// and decimals, exact), and lists and objects of those. Durations of calendar
// units become an object of months, days and micros; blobs base64.
func Plain(v any, typ string) any {
	switch v := v.(type) {
	case nil, bool, string, int64, uint64:
		return v
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v
	case float32:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil
		}
		return json.Number(strconv.FormatFloat(float64(v), 'g', -1, 32))
	case time.Time:
		return instant(v, typ)
	case *big.Int:
		return json.Number(v.String())
	case []byte:
		if typ == "uuid" && len(v) == 16 {
			return fmt.Sprintf("%x-%x-%x-%x-%x", v[:4], v[4:6], v[6:8], v[8:10], v[10:])
		}
		return v
	case fmt.Stringer:
		if strings.HasPrefix(typ, "decimal") {
			return json.Number(v.String())
		}
		return v.String()
	}
	return reflected(reflect.ValueOf(v), typ)
}

// reflected is Plain for the types that only their shape tells.
func reflected(v reflect.Value, typ string) any {
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return v.Uint()
	case reflect.Slice, reflect.Array:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = Plain(v.Index(i).Interface(), strings.TrimSuffix(typ, "[]"))
		}
		return list
	case reflect.Map:
		object := make(map[string]any, v.Len())
		for it := v.MapRange(); it.Next(); {
			object[cell(Plain(it.Key().Interface(), ""))] = Plain(it.Value().Interface(), "")
		}
		return object
	case reflect.Struct:
		object := make(map[string]any, v.NumField())
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				object[strings.ToLower(f.Name)] = Plain(v.Field(i).Interface(), "")
			}
		}
		return object
	default:
		return fmt.Sprint(v.Interface())
	}
}

func instant(t time.Time, typ string) string {
	switch {
	case typ == "date":
		return t.UTC().Format(time.DateOnly)
	case strings.HasPrefix(typ, "time") && !strings.HasPrefix(typ, "timestamp"):
		return t.UTC().Format("15:04:05.999999")
	default:
		return t.UTC().Format(time.RFC3339Nano)
	}
}

// cell writes a plain value as one cell of text.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) { // as JSON has it
			return strconv.FormatFloat(v, 'e', -1, 64)
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	case []byte:
		b, _ := json.Marshal(v) // cannot fail: bytes
		return strings.Trim(string(b), `"`)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// digits returns a plain value that is a number.
func digits(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case uint64:
		return float64(v), true
	case float64:
		return v, true
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	}
	return 0, false
}
