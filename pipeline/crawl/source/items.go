package source

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// mark is the byte order mark that some servers send first.
var mark = []byte("\ufeff")

// Items decodes the array under key of the JSON object body, one element at a
// time, and calls item for each with the element's own bytes. err is set where an
// element does not fit T; v then holds the fields that did. All other keys go to
// rest, which may be nil. Items fails, before or after some calls, when body is
// not JSON, is cut short, or has no such array.
func Items[T any](body []byte, key string, item func(i int, raw []byte, v T, err error), rest func(key string, raw json.RawMessage)) error {
	body = bytes.TrimPrefix(body, mark)
	if err := looksLikeJSON(body, '{'); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errors.New("the answer is not a JSON object")
	}
	found := false
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return broken(err)
		}
		if name == key && !found {
			found = true
			if err := array(dec, body, fmt.Sprintf("%q in the answer", key), item); err != nil {
				return err
			}
			continue
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return broken(err)
		}
		if s, ok := name.(string); ok && rest != nil {
			rest(s, raw)
		}
	}
	if _, err := dec.Token(); err != nil {
		return broken(err)
	}
	if !found {
		return fmt.Errorf("the answer has no %q", key)
	}
	return nil
}

// Elements decodes body, a JSON list, in the way of [Items].
func Elements[T any](body []byte, item func(i int, raw []byte, v T, err error)) error {
	body = bytes.TrimPrefix(body, mark)
	if err := looksLikeJSON(body, '['); err != nil {
		return err
	}
	return array(json.NewDecoder(bytes.NewReader(body)), body, "the answer", item)
}

// array decodes the list that dec comes to next. what names it in an error.
func array[T any](dec *json.Decoder, body []byte, what string, item func(int, []byte, T, error)) error {
	if t, err := dec.Token(); err != nil {
		return broken(err)
	} else if t != json.Delim('[') {
		return fmt.Errorf("%s is not a list", what)
	}
	for i := 0; dec.More(); i++ {
		start := dec.InputOffset()
		var v T
		err := dec.Decode(&v)
		misfit, err := sortOut(err)
		if err != nil {
			return err
		}
		item(i, bytes.TrimLeft(body[start:dec.InputOffset()], ", \t\r\n"), v, misfit)
	}
	if _, err := dec.Token(); err != nil {
		return broken(err)
	}
	return nil
}

// sortOut tells a value of the wrong type, which is one field's fault, from JSON
// that cannot be read at all.
func sortOut(err error) (misfit, broke error) {
	var typed *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &typed):
		found := fmt.Sprintf("found %s where %s belongs", typed.Value, jsonName(typed.Type))
		if typed.Field != "" {
			found = "field " + typed.Field + ": " + found
		}
		return errors.New(found), nil
	}
	return nil, broken(err)
}

// One decodes the JSON object body in the way of [Items]: with misfit, v holds the
// fields that fit.
func One[T any](body []byte) (v T, misfit, err error) {
	body = bytes.TrimPrefix(body, mark)
	if err := looksLikeJSON(body, '{'); err != nil {
		return v, nil, err
	}
	misfit, err = sortOut(json.Unmarshal(body, &v))
	return v, misfit, err
}

// jsonName is what JSON calls the values that fit t.
func jsonName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "a number"
}

// Object decodes the JSON object body into v, with the same plain errors as
// [Items].
func Object(body []byte, v any) error {
	body = bytes.TrimPrefix(body, mark)
	if err := looksLikeJSON(body, '{'); err != nil {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		return broken(err)
	}
	return nil
}

// looksLikeJSON says what body is if it does not begin with first, a bracket.
func looksLikeJSON(body []byte, first byte) error {
	head := bytes.TrimLeft(body, " \t\r\n")
	switch {
	case len(head) == 0:
		return errors.New("the answer is empty")
	case head[0] == '<':
		return errors.New("the answer is a web page, not JSON")
	case head[0] == first:
		return nil
	case first == '[':
		return errors.New("the answer is not a JSON list")
	default:
		return errors.New("the answer is not a JSON object")
	}
}

func broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "unexpected end of JSON") {
		return errors.New("the answer is cut short")
	}
	return fmt.Errorf("the answer is not valid JSON: %w", err)
}
