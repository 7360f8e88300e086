package scan

import (
	"io"

	"github.com/seed281e34fa/bitbucketsql/internal/page"
)

// given are sites that have read the rows that the statement has without a scan.
func (s *Session) given() []*site {
	if s.uses.given == nil && s.config.Given != nil {
		s.uses.given = []*site{}
		for _, rows := range s.config.Given() {
			scan := &shared{session: s, err: io.EOF, pages: []*page.Page{givenPage(rows)}}
			s.uses.given = append(s.uses.given, &site{session: s, asks: []*shared{scan}})
		}
	}
	return s.uses.given
}

// givenPage is a page of rows of one length.
func givenPage(rows [][]any) *page.Page {
	p := &page.Page{Rows: len(rows)}
	for i := range rows[0] {
		p.Columns = append(p.Columns, i)
	}
	for _, row := range rows {
		for _, value := range row {
			switch v := value.(type) {
			case float64:
				p.AppendFloat(v)
			default:
				appendValue(p, v)
			}
		}
	}
	return p
}
