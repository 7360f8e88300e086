package thirdparty

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/seed281e34fa/bitbucketsql/driver"
)

// gormRepository is a table as a program that uses GORM writes it: names of columns are not GORM's, so tags give them.
type gormRepository struct {
	UUID      string    `gorm:"column:UUID;primaryKey"`
	Slug      string    `gorm:"column:Slug"`
	Name      string    `gorm:"column:Name"`
	IsPrivate bool      `gorm:"column:IsPrivate"`
	Language  *string   `gorm:"column:Language"`
	Size      int64     `gorm:"column:Size"`
	CreatedOn time.Time `gorm:"column:CreatedOn"`
}

// TableName implements GORM's Tabler.
func (gormRepository) TableName() string { return "Repositories" }

func openGorm(t *testing.T) *gorm.DB {
	t.Helper()
	fake := startFake(t, small)
	pool, _ := openRecorded(t, fake.DSN())
	db, err := gorm.Open(sqlite.New(sqlite.Config{Conn: pool}), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		t.Fatal(err)
	}
	return db.WithContext(t.Context())
}

func TestGormReads(t *testing.T) {
	db := openGorm(t)
	var all []gormRepository
	if err := db.Order("Slug").Find(&all).Error; err != nil {
		t.Fatal(err)
	}
	if len(all) != small.Repositories {
		t.Fatalf("%d repositories, want %d", len(all), small.Repositories)
	}
	for _, r := range all {
		if r.UUID == "" || r.Name == "" || r.CreatedOn.Year() < 2020 {
			t.Errorf("%+v", r)
		}
	}
	var private []gormRepository
	if err := db.Where("IsPrivate = ? AND Language = ?", true, "go").Find(&private).Error; err != nil || len(private) == 0 {
		t.Fatalf("%d private ones in Go, %v", len(private), err)
	}
	var count int64
	if err := db.Model(&gormRepository{}).Where(&gormRepository{Slug: "platform"}).Count(&count).Error; err != nil || count != 1 {
		t.Errorf("%d, %v; want 1", count, err)
	}
	var first gormRepository
	if err := db.First(&first, "Slug = ?", "platform").Error; err != nil || first.Slug != "platform" || first.Language == nil {
		t.Errorf("%+v, %v", first, err)
	}
	if err := db.First(&first, "Slug = ?", "none").Error; !errors.Is(err, gorm.ErrRecordNotFound) {
		t.Errorf("none: %v", err)
	}
	var slugs []string
	in := db.Model(&gormRepository{}).Where("Slug IN ?", []string{"platform", "web-app"}).Order("Slug DESC")
	if err := in.Pluck("Slug", &slugs).Error; err != nil || strings.Join(slugs, " ") != "web-app platform" {
		t.Errorf("%q, %v", slugs, err)
	}
	var open int64
	if err := db.Table("platform.PullRequests").Where("State = ?", "OPEN").Count(&open).Error; err != nil || open == 0 {
		t.Errorf("%d open, %v", open, err)
	}
}

func TestGormCannotWrite(t *testing.T) {
	db := openGorm(t)
	if err := db.Create(&gormRepository{UUID: "{1}", Slug: "new"}).Error; !errors.Is(err, driver.ErrReadOnly) {
		t.Errorf("Create: %v", err)
	}
	if err := db.Model(&gormRepository{}).Where("Slug = ?", "platform").Update("Name", "x").Error; !errors.Is(err, driver.ErrReadOnly) {
		t.Errorf("Update: %v", err)
	}
	if err := db.Where("Slug = ?", "platform").Delete(&gormRepository{}).Error; !errors.Is(err, driver.ErrReadOnly) {
		t.Errorf("Delete: %v", err)
	}
}
