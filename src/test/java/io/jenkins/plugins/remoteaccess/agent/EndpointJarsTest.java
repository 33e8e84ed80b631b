package io.jenkins.plugins.remoteaccess.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What the build puts into {@code program/}: the jars that go to agents, and the list of them. */
class EndpointJarsTest {
    private static final String ENDPOINT = "remote-access-endpoint.jar";

    @Test
    void listNamesEachJarWithItsHash() throws Exception {
        for (Map.Entry<String, String> jar : list().entrySet()) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(read(jar.getKey()));
            assertEquals(jar.getValue(), HexFormat.of().formatHex(digest), jar.getKey());
        }
    }

    @Test
    void endpointStartsWithItsSiblings() throws Exception {
        try (JarInputStream jar = new JarInputStream(open(ENDPOINT))) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            Set<String> siblings = new TreeSet<>(list().keySet());
            siblings.remove(ENDPOINT);
            assertEquals(
                    "io.jenkins.plugins.remoteaccess.endpoint.Main", manifest.getValue(Attributes.Name.MAIN_CLASS));
            assertEquals(
                    siblings,
                    new TreeSet<>(List.of(
                            manifest.getValue(Attributes.Name.CLASS_PATH).split(" "))));
        }
    }

    @Test
    void librariesAreThoseOfTheEndpointsOwnBuild() throws Exception {
        List<String> libraries = librariesOfEndpointPom();
        assertTrue(libraries.size() >= 7, libraries::toString);
        assertTrue(
                list().keySet().containsAll(libraries), () -> libraries + " are not all among what the plugin ships");
    }

    private static Map<String, String> list() throws Exception {
        Map<String, String> jars = new TreeMap<>();
        new String(read("program.list"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("  "))
                .forEach(words -> jars.put(words[1], words[0]));
        return jars;
    }

    private static byte[] read(String name) throws Exception {
        try (InputStream content = open(name)) {
            return content.readAllBytes();
        }
    }

    private static InputStream open(String name) {
        return EndpointJarsTest.class.getResourceAsStream("program/" + name);
    }

    private static List<String> librariesOfEndpointPom() throws Exception {
        Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File("pom-endpoint.xml"));
        XPath path = XPathFactory.newInstance().newXPath();
        NodeList dependencies = (NodeList)
                path.evaluate("/project/dependencies/dependency[not(scope = 'test')]", pom, XPathConstants.NODESET);
        List<String> jars = new ArrayList<>();
        for (int i = 0; i < dependencies.getLength(); i++) {
            String version = path.evaluate("version", dependencies.item(i));
            String property = version.replaceAll("^\\$\\{(.*)}$", "$1");
            jars.add(path.evaluate("artifactId", dependencies.item(i)) + "-"
                    + path.evaluate("/project/properties/*[name() = '" + property + "']", pom) + ".jar");
        }
        return jars;
    }
}
