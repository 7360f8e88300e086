#include <string.h>
#include "shim.h"

// The collation TIMESTAMP. A text is a timestamp or not (timestamp.go has the same grammar); timestamps come first, in the
// order of their instants, and equal instants are equal; all other texts come after, in the order of their bytes. That is
// the order of the pairs (class, key within the class), hence total and transitive.

typedef struct {
  int64_t seconds;      // since 1970 in UTC
  const char *fraction; // digits without trailing zeros
  int digits;
} instant;

static int two(const char *s) {
  unsigned a = (unsigned)(s[0] - '0'), b = (unsigned)(s[1] - '0');
  return a < 10 && b < 10 ? (int)(a * 10 + b) : -1;
}

// The date at the start of s, which has 10 bytes.
static int date(const char *s, int *year, int *month, int *day) {
  static const signed char length[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int century = two(s), rest = two(s + 2), m = two(s + 5), d = two(s + 8);
  if (century < 0 || rest < 0 || s[4] != '-' || s[7] != '-' || m < 1 || m > 12 || d < 1) return 0;
  int y = century * 100 + rest;
  int leap = m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
  if (d > length[m] + leap) return 0;
  *year = y;
  *month = m;
  *day = d;
  return 1;
}

// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
static int64_t days(int y, int m, int d) {
  if (m <= 2) y--;
  int64_t era = (y >= 0 ? y : y - 399) / 400;
  int64_t year = y - era * 400, day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

static int parse(const char *s, int n, instant *out) {
  int y, mo, d, h = 0, mi = 0, sec = 0, offset = 0, i = 10;
  if (n < 10 || !date(s, &y, &mo, &d)) return 0;
  out->fraction = 0;
  out->digits = 0;
  if (n > 10) {
    if (n < 16 || (s[10] != ' ' && s[10] != 'T' && s[10] != 't') || s[13] != ':') return 0;
    h = two(s + 11);
    mi = two(s + 14);
    if (h < 0 || h > 23 || mi < 0 || mi > 59) return 0;
    i = 16;
    if (i < n && s[i] == ':') {
      if (n < 19) return 0;
      sec = two(s + 17);
      if (sec < 0 || sec > 59) return 0;
      i = 19;
      if (i < n && s[i] == '.') {
        int from = ++i;
        while (i < n && s[i] >= '0' && s[i] <= '9') i++;
        if (i == from) return 0;
        int end = i;
        while (end > from && s[end - 1] == '0') end--;
        out->fraction = s + from;
        out->digits = end - from;
      }
    }
    if (i < n && (s[i] == 'Z' || s[i] == 'z')) {
      i++;
    } else if (i < n) {
      if (s[i] == ' ') i++;
      if (n - i < 3 || (s[i] != '+' && s[i] != '-')) return 0;
      int sign = s[i] == '-' ? -1 : 1, oh = two(s + i + 1), om = 0;
      i += 3;
      if (i < n && s[i] == ':' && n - i < 3) return 0;
      if (i < n) {
        if (s[i] == ':') i++;
        if (n - i < 2) return 0;
        om = two(s + i);
        i += 2;
      }
      if (oh < 0 || oh > 23 || om < 0 || om > 59) return 0;
      offset = sign * (oh * 3600 + om * 60);
    }
    if (i != n) return 0;
  }
  out->seconds = days(y, mo, d) * 86400 + h * 3600 + mi * 60 + sec - offset;
  // What falls out of the four-digit years in UTC has no canonical form.
  return out->seconds >= -62167219200LL && out->seconds <= 253402300799LL;
}

// Canonical texts sort by instant as they sort by bytes.
static int canonical(const char *s, int n) {
  int y, mo, d;
  if (n < 19 || s[10] != ' ' || s[13] != ':' || s[16] != ':' || !date(s, &y, &mo, &d)) return 0;
  int h = two(s + 11), mi = two(s + 14), sec = two(s + 17);
  if (h < 0 || h > 23 || mi < 0 || mi > 59 || sec < 0 || sec > 59) return 0;
  if (n == 19) return 1;
  if (n < 21 || s[19] != '.' || s[n - 1] == '0') return 0;
  for (int i = 20; i < n; i++)
    if (s[i] < '0' || s[i] > '9') return 0;
  return 1;
}

static int bytes(const char *a, int na, const char *b, int nb) {
  int n = na < nb ? na : nb;
  int r = n > 0 ? memcmp(a, b, (size_t)n) : 0;
  return r ? r : na - nb;
}

int bb_timestamp_compare(void *unused, int na, const void *pa, int nb, const void *pb) {
  const char *a = pa, *b = pb;
  instant x, y;
  (void)unused;
  if (canonical(a, na) && canonical(b, nb)) return bytes(a, na, b, nb);
  int ta = parse(a, na, &x), tb = parse(b, nb, &y);
  if (ta != tb) return tb - ta;
  if (!ta) return bytes(a, na, b, nb);
  if (x.seconds != y.seconds) return x.seconds < y.seconds ? -1 : 1;
  return bytes(x.fraction, x.digits, y.fraction, y.digits);
}
