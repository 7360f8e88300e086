package driver

// For the tests of package driver_test.
var (
	FakeToken    = fakeToken
	PlantSecrets = plantSecrets
)
