package io.jenkins.plugins.remoteaccess.endpoint.control;

import io.jenkins.plugins.remoteaccess.endpoint.session.EventLog;
import io.jenkins.plugins.remoteaccess.endpoint.session.Grant;
import io.jenkins.plugins.remoteaccess.endpoint.ssh.AuthorizedKeys;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The grants of a message. One key that cannot be read never keeps the others out.
 *
 * @param grants all of them, with the keys that could be read
 * @param leftOut a sentence for each key that could not
 */
public record GrantList(List<Grant> grants, List<LeftOut> leftOut) {
    private static final int USERS = 1_000;
    private static final int KEYS = 100;
    private static final int USES = 20;
    private static final int LONGEST_USER = 1_000;
    private static final int LONGEST_KEY = 16_384;
    private static final long MOST_RECORDED = 1L << 30;

    /**
     * A key that this endpoint could not read.
     *
     * @param user whose grant named it
     * @param reason a sentence for the event log
     */
    public record LeftOut(String user, String reason) {}

    static GrantList of(Members members) throws BadMessage {
        List<Grant> grants = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (Members grant : members.objects("grants", USERS)) {
            String user = EventLog.clean(grant.text("user", LONGEST_USER));
            Set<PublicKey> keys = new LinkedHashSet<>();
            int number = 0;
            for (String line : grant.texts("keys", KEYS, LONGEST_KEY)) {
                number++;
                Optional<PublicKey> key = AuthorizedKeys.parse(line);
                key.ifPresent(keys::add);
                if (key.isEmpty()) {
                    String problem = AuthorizedKeys.problem(line).orElse("no key on the line");
                    leftOut.add(new LeftOut(user, "key " + number + " is left out: " + problem));
                }
            }
            Set<String> forbidden = Set.copyOf(grant.optionalTexts("forbidden", USES, LONGEST_USER));
            long recordBytes =
                    grant.optionalNumber("recordBytes", 0, MOST_RECORDED).orElse(0L);
            grants.add(new Grant(user, keys, grant.flag("secrets"), forbidden, recordBytes));
        }
        return new GrantList(List.copyOf(grants), List.copyOf(leftOut));
    }
}
