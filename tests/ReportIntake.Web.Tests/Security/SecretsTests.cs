using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Reports;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Security;

public sealed class SecretsTests(SecretsTests.Host host) : IClassFixture<SecretsTests.Host>
{
    public sealed class Host : IntakeHost;

    [Fact]
    public async Task ReceiptHash_SameCode_IsTheSameAcrossProcesses()
    {
        _ = host.Address;
        var code = ReceiptCode.Create();

        var first = await host.Services.GetRequiredService<ReceiptHasher>().HashAsync(code, default);
        var second = await NewHasher().HashAsync(code, default);
        var other = await NewHasher().HashAsync(ReceiptCode.Create(), default);

        Assert.Equal(32, first.Length);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task GetOrCreate_ManyAtOnce_AllGetTheSameKeyAndItIsProtected()
    {
        _ = host.Address;
        var name = Guid.NewGuid().ToString("N");

        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            NewSecrets().GetOrCreateAsync(name, () => RandomNumberGenerator.GetBytes(32), default).AsTask())));

        Assert.All(keys, k => Assert.Equal(keys[0], k));
        var stored = await host.WithDatabaseAsync(d => d.Secrets.SingleAsync(s => s.Name == name));
        Assert.True(stored.Protected.AsSpan().IndexOf(keys[0]) < 0);
    }

    [Fact]
    public void IdentitySeal_OtherReport_DoesNotOpen()
    {
        _ = host.Address;
        var seal = host.Services.GetRequiredService<IdentitySeal>();
        var report = Guid.NewGuid();
        var contact = new ReporterContact("Nama", "+62 811", null);

        var ciphertext = seal.Seal(report, contact);

        Assert.Equal(contact, seal.Open(report, ciphertext));
        Assert.ThrowsAny<CryptographicException>(() => seal.Open(Guid.NewGuid(), ciphertext));
    }

    [Theory]
    [InlineData("password1234", true)]
    [InlineData("Rahasia12345!", true)]
    [InlineData("P@ssw0rd2026", true)]
    [InlineData("sayangsayang99", true)]
    [InlineData("qwertyuiop12", true)]
    [InlineData("aaaaaaaaaaaaaa", true)]
    [InlineData("budiman-kecil-7", true)]
    [InlineData("congratulations1", true)] // one word of English
    [InlineData("KEBERANGKATAN!!", true)] // one word of Indonesian
    [InlineData("naruto-naruto-naruto-", true)] // one piece, again and again
    [InlineData(StaffAccounts.Password, false)]
    [InlineData("kereta tiba pukul tujuh", false)]
    public void CommonPasswords_WhatIsGuessedFirst_IsRefused(string password, bool expected) =>
        Assert.Equal(expected, CommonPasswords.IsCommon(password, "budiman@staff.example"));

    private Secrets NewSecrets() => ActivatorUtilities.CreateInstance<Secrets>(host.Services);

    private ReceiptHasher NewHasher() => new(NewSecrets());
}
