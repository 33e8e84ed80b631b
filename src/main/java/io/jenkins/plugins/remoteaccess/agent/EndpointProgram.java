package io.jenkins.plugins.remoteaccess.agent;

import hudson.FilePath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The endpoint's own jars, which travel inside the plugin as resources and never on its class path.
 *
 * @param jars their names and SHA-256 hashes in hex
 */
record EndpointProgram(Map<String, String> jars) {
    private static final String RESOURCES = "program/";
    private static final String LIST = RESOURCES + "program.list";
    private static final String PREFIX = "endpoint-";
    private static final Pattern ENDPOINT = Pattern.compile("[0-9a-f]{16}");
    private static final int HASH_SHOWN = 16;

    /** The program of this plugin. */
    static EndpointProgram get() {
        return Holder.PROGRAM;
    }

    /** The name of its directory on an agent, which changes with its content. */
    String directoryName() {
        return PREFIX
                + ProgramCheck.sha256(jars.toString().getBytes(StandardCharsets.UTF_8))
                        .substring(0, HASH_SHOWN);
    }

    /**
     * Ships the program into {@code base} on an agent, whole or not at all; about 20 MB in one stream.
     *
     * @throws IOException when the agent cannot be written to
     */
    void install(FilePath base) throws IOException, InterruptedException {
        FilePath target = base.child(directoryName());
        FilePath fresh = base.child(directoryName() + "-" + UUID.randomUUID());
        try {
            fresh.unzipFrom(new ByteArrayInputStream(zip()));
            if (target.exists()) {
                target.deleteRecursive();
            }
            fresh.renameTo(target);
            removeOthers(base);
        } finally {
            if (fresh.exists()) {
                fresh.deleteRecursive();
            }
        }
    }

    /** Programs of earlier versions of the plugin go, unless an endpoint may still run from one. */
    private void removeOthers(FilePath base) throws IOException, InterruptedException {
        List<FilePath> all = base.listDirectories();
        if (all.stream()
                .anyMatch(directory -> ENDPOINT.matcher(directory.getName()).matches())) {
            return;
        }
        for (FilePath directory : all) {
            if (directory.getName().startsWith(PREFIX) && !directory.getName().equals(directoryName())) {
                directory.deleteRecursive();
            }
        }
    }

    private byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (String jar : jars.keySet()) {
                zip.putNextEntry(new ZipEntry(jar));
                try (InputStream content = open(RESOURCES + jar)) {
                    content.transferTo(zip);
                }
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static InputStream open(String resource) throws IOException {
        InputStream stream = EndpointProgram.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IOException("the plugin was built without " + resource);
        }
        return stream;
    }

    private static EndpointProgram read() {
        Map<String, String> jars = new TreeMap<>();
        try (InputStream list = open(LIST)) {
            new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.trim().split("\\s+", 2))
                    .forEach(words -> jars.put(words[1], words[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new EndpointProgram(jars);
    }

    private static final class Holder {
        static final EndpointProgram PROGRAM = read();
    }
}
