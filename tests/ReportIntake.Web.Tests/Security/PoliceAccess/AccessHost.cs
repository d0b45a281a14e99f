using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Administration.Clients;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Security.PoliceAccess;

/// <summary>The program with settings of a test's own, and clients on the terms of a test's own.</summary>
internal sealed class AccessHost(IReadOnlyDictionary<string, string?> settings, TimeProvider? clock = null) : IntakeHost
{
    public const string Loopback = "127.0.0.0/8";

    protected override IReadOnlyDictionary<string, string?> Settings => settings;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        if (clock is not null)
        {
            builder.ConfigureServices(services => services.AddSingleton(clock));
        }
    }

    public static ClientTerms All(params string[] areas) => new(PoliceScopes.All, areas.Length > 0 ? areas : [PoliceClientAccess.National]);

    public async Task<AddClient.Issued> AddAsync(ClientTerms terms)
    {
        _ = Address;
        await using var scope = Services.CreateAsyncScope();
        var command = new AddClient.Command($"Test {Guid.NewGuid():N}", terms, Actor.System);
        return (await scope.ServiceProvider.GetRequiredService<MediatR.IMediator>().Send(command)).Value;
    }

    /// <summary>Asks for the list of reports with a key or a token, and with further headers.</summary>
    public async Task<HttpResponseMessage> GetAsync(string bearer, params (string Name, string Value)[] headers)
    {
        using var http = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/reports");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        request.Headers.AcceptLanguage.ParseAdd("en");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request);
    }
}
