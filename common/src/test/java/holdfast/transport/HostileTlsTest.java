package holdfast.transport;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.identity.Identity;
import holdfast.identity.Pin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that do not keep to the rules get no further than the handshake, and end nothing but their own path. */
final class HostileTlsTest {
    private static final Identity GATEWAY = Identity.create("gateway", new SecureRandom());
    private static final Identity CLIENT = Identity.create("client", new SecureRandom());

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void aPeerThatKnowsOnlyTls12IsRefused(TlsProvider client, TlsProvider gateway) throws Exception {
        refused(gateway, client(client, CLIENT).protocols("TLSv1.2").applicationProtocolConfig(alpn("holdfast/1")));
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void aPeerWithoutAlpnIsRefused(TlsProvider client, TlsProvider gateway) throws Exception {
        refused(gateway, client(client, CLIENT));
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void aPeerOfAnotherProtocolIsRefused(TlsProvider client, TlsProvider gateway) throws Exception {
        refused(gateway, client(client, CLIENT).applicationProtocolConfig(alpn("h2")));
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void aGatewayWithoutAlpnIsRefused(TlsProvider client, TlsProvider gateway) throws Exception {
        SslContext plain = SslContextBuilder.forServer(GATEWAY.privateKey(), GATEWAY.certificate())
                .sslProvider(engine(gateway))
                .build();
        try (TlsRig rig = TlsRig.speaking(plain, TlsContexts.gateway(gateway, GATEWAY));
                TlsEndpoint dialing = TlsContexts.client(client, CLIENT, Set.of(GATEWAY.pin()))) {
            TlsRig.End near = rig.connect(dialing);

            assertThat(near.failure()).isNotNull();
            assertThat(near.isClosed()).isTrue();
        } finally {
            ReferenceCountUtil.release(plain);
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void aClientWithoutACertificateIsRefused(TlsProvider client, TlsProvider gateway) throws Exception {
        refused(
                gateway,
                SslContextBuilder.forClient()
                        .sslProvider(engine(client))
                        .trustManager(PinTrust.inGateways(Set.of(GATEWAY.pin())))
                        .endpointIdentificationAlgorithm(null)
                        .applicationProtocolConfig(alpn("holdfast/1")));
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL,OPENSSL", "OPENSSL,JDK", "JDK,OPENSSL", "JDK,JDK"})
    void aClientWithAnRsaKeyIsRefused(TlsProvider client, TlsProvider gateway) throws Exception {
        KeyPair pair = TestCertificates.rsa();
        refused(gateway, client(client, pair, TestCertificates.of(pair, 0)));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void aClientWithAKeyOnAnotherCurveIsRefused(TlsProvider gateway) throws Exception {
        KeyPair pair = TestCertificates.ec("secp384r1");
        refused(gateway, client(TlsProvider.JDK, pair, TestCertificates.of(pair, 0)));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void aClientWithALargeCertificateIsRefused(TlsProvider gateway) throws Exception {
        KeyPair pair = TestCertificates.ec("secp256r1");
        refused(gateway, client(TlsProvider.JDK, pair, TestCertificates.of(pair, 5_000)));
        refused(gateway, client(TlsProvider.JDK, pair, TestCertificates.of(pair, 12_000)));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void aClientWithAChainIsRefused(TlsProvider gateway) throws Exception {
        KeyPair pair = TestCertificates.ec("secp256r1");
        KeyPair issuer = TestCertificates.ec("secp256r1");
        refused(
                gateway,
                client(
                        TlsProvider.OPENSSL,
                        pair,
                        TestCertificates.issued(pair, issuer),
                        TestCertificates.of(issuer, 0)));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void datesAndNamesInACertificateDoNotCount(TlsProvider gateway) throws Exception {
        KeyPair pair = TestCertificates.ec("secp256r1");
        X509Certificate expired = TestCertificates.of(pair, 0);
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(gateway, GATEWAY))) {
            connect(rig, client(TlsProvider.JDK, pair, expired));

            assertThat(rig.accepted().peer()).isEqualTo(Pin.of(expired));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void garbageEndsThePath(TlsProvider gateway) throws Exception {
        byte[] garbage = new byte[20_000];
        new Random(1).nextBytes(garbage);
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(gateway, GATEWAY))) {
            sendRaw(rig, Unpooled.wrappedBuffer(garbage));
            sendRaw(rig, Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: x\r\n\r\n", StandardCharsets.US_ASCII));
            sendRaw(rig, Unpooled.wrappedBuffer(new byte[] {22, 3, 1, 0, 4, 1, 0, 0, 0}));

            for (int i = 0; i < 3; i++) {
                TlsRig.End far = rig.accepted();
                assertThat(far.failure()).isNotNull();
                assertThat(far.isClosed()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void aFirstMessageThatAnnouncesTooMuchEndsThePathAtItsNinthByte(TlsProvider gateway) throws Exception {
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(gateway, GATEWAY))) {
            // record: handshake, TLS 1.0, 16 384 bytes; message: ClientHello, 16 385 bytes
            sendRaw(rig, Unpooled.wrappedBuffer(new byte[] {22, 3, 1, 0x40, 0, 1, 0, 0x40, 1}));

            TlsRig.End far = rig.accepted();
            assertThat(far.failure()).hasMessageContaining("16385").hasMessageContaining("16384");
            assertThat(far.isClosed()).isTrue();
        }
    }

    @Test
    void noEngineIsMadeBeforeTheFirstRecordIsWhole() throws Exception {
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(TlsProvider.AUTO, GATEWAY))) {
            TlsRig.End near = rig.connect(end -> end.install(null));
            // record: handshake, TLS 1.0, 6 bytes; message: ClientHello, 16 383 bytes, of which 2 are in this record
            byte[] record = {22, 3, 1, 0, 6, 1, 0, 0x3f, (byte) 0xff, 3, 3};
            TlsRig.End far = rig.accepted();
            for (byte each : Arrays.copyOf(record, record.length - 1)) {
                near.channel()
                        .writeAndFlush(Unpooled.wrappedBuffer(new byte[] {each}))
                        .syncUninterruptibly();
                assertThat(far.hasTls()).isFalse();
            }

            near.channel().writeAndFlush(Unpooled.wrappedBuffer(record, record.length - 1, 1));

            await(far::hasTls);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void aFirstRecordMayComeByteByByte(TlsProvider gateway) throws Exception {
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(gateway, GATEWAY));
                TlsEndpoint dialing = TlsContexts.client(TlsProvider.AUTO, CLIENT, Set.of(GATEWAY.pin()))) {
            TlsRig.End near = rig.connect(end -> {
                end.channel().pipeline().addLast(new ByteByByte());
                end.install(dialing, Runnable::run);
            });

            assertThat(near.peer()).isEqualTo(GATEWAY.pin());
            assertThat(rig.accepted().peer()).isEqualTo(CLIENT.pin());
        }
    }

    @Test
    void whoLeavesWithinTheFirstRecordIsToldOfAsAFailedHandshake() throws Exception {
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(TlsProvider.AUTO, GATEWAY))) {
            TlsRig.End near = rig.connect(end -> end.install(null));
            near.channel()
                    .writeAndFlush(Unpooled.wrappedBuffer(new byte[] {22, 3, 1}))
                    .syncUninterruptibly();
            near.channel().close();

            assertThat(rig.accepted().failure()).isInstanceOf(ClosedChannelException.class);
        }
    }

    /** Sends everything in pieces of one byte. */
    private static final class ByteByByte extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            ByteBuf bytes = (ByteBuf) message;
            while (bytes.readableBytes() > 1) {
                context.writeAndFlush(bytes.readRetainedSlice(1));
            }
            context.writeAndFlush(bytes, promise);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it happens in time").isLessThan(end);
            Thread.sleep(5);
        }
    }

    @Test
    void recordsWithoutEndAreNotReadOn() throws Exception {
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(TlsProvider.AUTO, GATEWAY))) {
            TlsRig.End near = rig.connect(end -> end.install(null));
            // A ClientHello of 16 000 bytes that comes one byte a record, behind a first record of four.
            byte[] flood = new byte[16_000_000];
            System.arraycopy(new byte[] {22, 3, 1, 0, 4, 1, 0, 0x3e, (byte) 0x80}, 0, flood, 0, 9);
            for (int at = 9; at + 6 <= flood.length; at += 6) {
                System.arraycopy(new byte[] {22, 3, 1, 0, 1, 0}, 0, flood, at, 6);
            }
            ChannelFuture sent = near.channel().writeAndFlush(Unpooled.wrappedBuffer(flood));

            TlsRig.End far = rig.accepted();
            assertThat(far.failure()).isInstanceOf(SslHandshakeTimeoutException.class);
            assertThat(far.isClosed()).isTrue();
            assertThat(sent.awaitUninterruptibly().isSuccess()).isFalse();
        }
    }

    @Test
    void aHandshakeForWhichNoThreadIsFreeFails() throws Exception {
        Executor full = step -> {
            throw new RejectedExecutionException("full");
        };
        try (TlsRig rig = TlsRig.on(full, TlsContexts.gateway(TlsProvider.JDK, GATEWAY))) {
            connect(rig, client(TlsProvider.JDK, CLIENT).applicationProtocolConfig(alpn("holdfast/1")));

            TlsRig.End far = rig.accepted();
            assertThat(far.failure()).isNotNull();
            assertThat(far.isClosed()).isTrue();
        }
    }

    private static void refused(TlsProvider gateway, SslContextBuilder hostile) throws Exception {
        try (TlsRig rig = new TlsRig(TlsContexts.gateway(gateway, GATEWAY))) {
            TlsRig.End near = connect(rig, hostile);

            TlsRig.End far = rig.accepted();
            assertThat(far.failure()).isNotNull();
            assertThat(far.isClosed()).isTrue();
            assertThat(far.hasReceived()).isFalse();
            assertThat(near.isClosed()).isTrue();
        }
    }

    /** Sends something right behind its handshake. */
    private static TlsRig.End connect(TlsRig rig, SslContextBuilder hostile) throws Exception {
        SslContext context = hostile.build();
        try {
            TlsRig.End near = rig.connect(end -> {
                SslHandler handler = context.newHandler(end.channel().alloc());
                end.channel().pipeline().addLast(handler);
                end.install(handler);
            });
            near.channel().writeAndFlush(Unpooled.copiedBuffer("behind", StandardCharsets.US_ASCII));
            return near;
        } finally {
            ReferenceCountUtil.release(context);
        }
    }

    private static void sendRaw(TlsRig rig, ByteBuf bytes) {
        rig.connect(end -> end.install(null)).channel().writeAndFlush(bytes);
    }

    private static SslContextBuilder client(TlsProvider provider, Identity identity) {
        return SslContextBuilder.forClient()
                .sslProvider(engine(provider))
                .keyManager(identity.privateKey(), identity.certificate())
                .trustManager(PinTrust.inGateways(Set.of(GATEWAY.pin())))
                .endpointIdentificationAlgorithm(null);
    }

    private static SslContextBuilder client(TlsProvider provider, KeyPair pair, X509Certificate... chain) {
        return SslContextBuilder.forClient()
                .sslProvider(engine(provider))
                .keyManager(pair.getPrivate(), chain)
                .trustManager(PinTrust.inGateways(Set.of(GATEWAY.pin())))
                .endpointIdentificationAlgorithm(null)
                .applicationProtocolConfig(alpn("holdfast/1"));
    }

    private static SslProvider engine(TlsProvider provider) {
        return provider == TlsProvider.JDK ? SslProvider.JDK : SslProvider.OPENSSL_REFCNT;
    }

    private static ApplicationProtocolConfig alpn(String protocol) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, protocol);
    }
}
