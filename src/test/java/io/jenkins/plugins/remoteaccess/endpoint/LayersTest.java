package io.jenkins.plugins.remoteaccess.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads what the compiled classes refer to: that cannot be got round by a name written out in full. */
class LayersTest {
    private static final String ROOT = "io/jenkins/plugins/remoteaccess/endpoint/";
    private static final List<String> ALLOWED = List.of(
            ROOT,
            "java/",
            "javax/",
            "jdk/",
            "com/sun/jna/",
            "org/apache/sshd/",
            "com/pty4j/",
            "org/bouncycastle/",
            "com/fasterxml/jackson/",
            "org/slf4j/");
    /** The lowest first; a package may use those before it. The endpoint itself stands above all. */
    private static final List<String> LAYERS = List.of(
            "session", "terminal", "screen", "recording", "ssh", "lease", "inside", "control", "standalone", "");

    private static final Pattern CLASS_NAME = Pattern.compile("L?([a-z][\\w]*(?:/[\\w$]+)+);?");

    private static Map<String, Set<String>> references() throws IOException, URISyntaxException {
        Path classes = Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Map<String, Set<String>> references = new HashMap<>();
        try (Stream<Path> files = Files.walk(classes.resolve(ROOT))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".class")).toList()) {
                String name =
                        classes.relativize(file).toString().replace('\\', '/').replace(".class", "");
                references.put(name, referencedBy(file));
            }
        }
        return references;
    }

    /** The class names and descriptors in a class file's constant pool, JVMS section 4.4. */
    private static Set<String> referencedBy(Path file) throws IOException {
        Set<String> names = new TreeSet<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            in.skipNBytes(8);
            List<Integer> classes = new ArrayList<>();
            Map<Integer, String> texts = new HashMap<>();
            int count = in.readUnsignedShort();
            for (int index = 1; index < count; index++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts.put(index, in.readUTF());
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        index++;
                    }
                    case 7 -> classes.add(in.readUnsignedShort());
                    case 15 -> in.skipNBytes(3);
                    default -> in.skipNBytes(2);
                }
            }
            classes.forEach(index -> add(names, texts.get(index)));
            texts.values().stream()
                    .filter(text -> text.matches("[(\\[]*L[\\w/$]+;.*"))
                    .forEach(text -> add(names, text));
        }
        return names;
    }

    private static void add(Set<String> names, String text) {
        Matcher matcher = CLASS_NAME.matcher(text);
        while (matcher.find()) {
            names.add(
                    matcher.group(1).startsWith("L") && text.contains(";")
                            ? matcher.group(1).substring(1)
                            : matcher.group(1));
        }
    }

    private static String layer(String name) {
        String rest = name.substring(ROOT.length());
        return rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : "";
    }

    @Test
    void theEndpointNeedsNothingOfJenkins() throws Exception {
        List<String> strangers = new ArrayList<>();
        references()
                .forEach((name, used) -> used.stream()
                        .filter(each -> ALLOWED.stream().noneMatch(each::startsWith))
                        .forEach(each -> strangers.add(name + " uses " + each)));
        assertEquals(List.of(), strangers);
    }

    @Test
    void importsPointDownwardsOnly() throws Exception {
        List<String> upwards = new ArrayList<>();
        references()
                .forEach((name, used) -> used.stream()
                        .filter(each -> each.startsWith(ROOT))
                        .filter(each -> LAYERS.indexOf(layer(each)) > LAYERS.indexOf(layer(name)))
                        .forEach(each -> upwards.add(name + " uses " + each)));
        assertEquals(List.of(), upwards);
    }

    @Test
    void everyPackageHasItsLayer() throws Exception {
        references().keySet().forEach(name -> assertTrue(LAYERS.contains(layer(name)), name));
    }

    @Test
    void theReadingFindsWhatIsThere() throws Exception {
        Set<String> used = references().get(ROOT + "Endpoint");
        assertTrue(
                used.containsAll(Set.of(ROOT + "ssh/SshEndpoint", ROOT + "session/Place", "java/nio/file/Path")),
                used.toString());
    }
}
