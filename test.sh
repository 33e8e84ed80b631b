#!/usr/bin/env bash
exec mvn -B -ntp -f pom-endpoint.xml verify
