using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Web.Features.Administration.Clients;
using ReportIntake.Web.Security;

namespace ReportIntake.Testing;

/// <summary>An account of a test, with all that its owner knows.</summary>
/// <param name="TotpKey">Base32; null where no second factor is set up.</param>
public sealed record TestStaff(Guid Id, string Email, string Password, string? TotpKey);

/// <summary>Callers with credentials, made in the running program's database and signed in by its real doors.</summary>
public static partial class StaffAccounts
{
    public const string Password = "tenang-sungai-lentera-91";

    /// <summary>A new account with the second factor set up, unless told otherwise.</summary>
    public static async Task<TestStaff> AddStaffAsync(this IntakeHost host, IEnumerable<string> roles, bool twoFactor = true)
    {
        _ = host.Address;
        await using var scope = host.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<StaffMember>>();
        var id = Guid.CreateVersion7();
        var member = new StaffMember { Id = id, Email = $"s{id:N}@staff.example", UserName = $"s{id:N}@staff.example" };
        Done(await accounts.CreateAsync(member, Password));
        Done(await accounts.AddToRolesAsync(member, roles));
        string? key = null;
        if (twoFactor)
        {
            Done(await accounts.ResetAuthenticatorKeyAsync(member));
            key = await accounts.GetAuthenticatorKeyAsync(member);
            Done(await accounts.SetTwoFactorEnabledAsync(member, true));
        }

        return new TestStaff(id, member.Email, Password, key);
    }

    /// <summary>A client with the bearer token of a new member of staff.</summary>
    public static async Task<HttpClient> StaffClientAsync(this IntakeHost host, params string[] roles) =>
        await host.SignedInAsync(await host.AddStaffAsync(roles));

    /// <summary>A client with a bearer token of this member of staff.</summary>
    public static async Task<HttpClient> SignedInAsync(this IntakeHost host, TestStaff staff)
    {
        var client = host.Client();
        using var answer = await client.PostAsJsonAsync("/api/v1/staff/login", new { email = staff.Email, password = staff.Password, twoFactorCode = await host.CodeAsync(staff) });
        answer.EnsureSuccessStatusCode();
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("accessToken").GetString());
        return client;
    }

    /// <summary>A browser's client: signed in at the page, with the cookie. Redirects are not followed.</summary>
    public static async Task<HttpClient> StaffBrowserAsync(this IntakeHost host, params string[] roles) =>
        await host.BrowserAsync(await host.AddStaffAsync(roles));

    /// <inheritdoc cref="StaffBrowserAsync"/>
    public static async Task<HttpClient> BrowserAsync(this IntakeHost host, TestStaff staff)
    {
        var browser = host.Client();
        using var first = await browser.PostFormAsync("/staff/sign-in", new() { ["email"] = staff.Email, ["password"] = staff.Password });
        if (staff.TotpKey is not null)
        {
            using var second = await browser.PostFormAsync("/staff/sign-in", new() { ["code"] = await host.CodeAsync(staff) }, "/staff/sign-in?handler=Code");
            if (second.StatusCode is not System.Net.HttpStatusCode.Redirect)
            {
                throw new InvalidOperationException($"The sign-in answered {second.StatusCode}.");
            }
        }

        return browser;
    }

    /// <summary>A police system's client with a new API key.</summary>
    public static async Task<HttpClient> PoliceClientAsync(this IntakeHost host, IEnumerable<string>? scopes = null, IEnumerable<string>? areas = null)
    {
        var client = host.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await host.AddPoliceAsync(scopes, areas)).ApiKey);
        return client;
    }

    /// <summary>A new police system; all scopes and <c>national</c> unless told otherwise.</summary>
    public static async Task<AddClient.Issued> AddPoliceAsync(this IntakeHost host, IEnumerable<string>? scopes = null, IEnumerable<string>? areas = null, ClientTerms.Rate? limit = null)
    {
        _ = host.Address;
        await using var scope = host.Services.CreateAsyncScope();
        var terms = new ClientTerms([.. scopes ?? PoliceScopes.All], [.. areas ?? [PoliceClientAccess.National]]) { RateLimit = limit };
        var command = new AddClient.Command($"Test {Guid.NewGuid():N}", terms, Actor.System);
        return (await scope.ServiceProvider.GetRequiredService<MediatR.IMediator>().Send(command)).Value;
    }

    /// <summary>Opens a page, takes its antiforgery token, and posts a form as a browser would.</summary>
    /// <param name="action">Where the form goes; the page itself unless told otherwise.</param>
    public static async Task<HttpResponseMessage> PostFormAsync(this HttpClient browser, string page, Dictionary<string, string> fields, string? action = null)
    {
        var html = await browser.GetStringAsync(page);
        var token = AntiforgeryToken().Match(html).Groups["token"].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(fields) { ["__RequestVerificationToken"] = token });
        return await browser.PostAsync(action ?? page, form);
    }

    /// <summary>The code that the person's app shows now, which counts even if it was used before; empty where no app is set up.</summary>
    public static async Task<string> CodeAsync(this IntakeHost host, TestStaff staff)
    {
        await host.WithDatabaseAsync(d => d.Users.Where(u => u.Id == staff.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.LastCodeStep, (long?)null)));
        return Totp(staff.TotpKey, host.Services.GetRequiredService<TimeProvider>()) ?? "";
    }

    /// <summary>RFC 6238: the code that an authenticator app shows now for a base32 key.</summary>
    public static string? Totp(string? key, TimeProvider? clock = null)
    {
        if (key is null)
        {
            return null;
        }

        var bits = string.Concat(key.Replace(" ", "", StringComparison.Ordinal)
            .Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var secret = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var step = BitConverter.GetBytes((clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds() / 30);
        if (BitConverter.IsLittleEndian)
        {
            Array.Reverse(step);
        }

#pragma warning disable CA5350 // RFC 6238's default, and what authenticator apps compute
        var hash = HMACSHA1.HashData(secret, step);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        var number = ((hash[offset] & 0x7f) << 24) | (hash[offset + 1] << 16) | (hash[offset + 2] << 8) | hash[offset + 3];
        return (number % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Done(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException(string.Join(", ", result.Errors.Select(e => e.Code)));
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AntiforgeryToken();
}
