package bitbucketfake

import "fmt"

// variable is a variable of pipelines: of a workspace, a repository or a deployment environment.
type variable struct {
	kind, uuid, key, value string
	secured                bool // the value cannot be read back
}

var variableKeys = []string{
	"AWS_REGION", "AWS_SECRET_ACCESS_KEY", "DEPLOY_TARGET", "API_TOKEN", "GREETING", "EMPTY", "aws_region", "DOCKER_PASSWORD", "JAVA_OPTS", "PATH_PREFIX",
}

var variableValues = map[string]string{
	"AWS_REGION": "eu-central-1", "DEPLOY_TARGET": "cluster-7", "GREETING": "Grüß \"Gott\"\nund\tmehr", "EMPTY": "", "aws_region": "us-west-2",
	"JAVA_OPTS": "-Xmx512m -Dfile.encoding=UTF-8", "PATH_PREFIX": "C:\\build\\100%",
}

// makeVariables makes the first n variables of a salted kind; kind is their type.
func makeVariables(base uint64, kind string, n int) []*variable {
	out := make([]*variable, n)
	for i := range out {
		key := variableKeys[i%len(variableKeys)]
		value, plain := variableValues[key]
		if i >= len(variableKeys) {
			key = fmt.Sprintf("%s_%d", key, i/len(variableKeys)+1)
		}
		out[i] = &variable{kind: kind, uuid: at(base, i).uuid(), key: key, value: value, secured: !plain}
	}
	return out
}

func (v *variable) encode(e *encoder) {
	e.str("type", v.kind)
	e.str("uuid", v.uuid)
	e.str("key", v.key)
	if !v.secured {
		e.str("value", v.value)
	}
	e.boolean("secured", v.secured)
}
